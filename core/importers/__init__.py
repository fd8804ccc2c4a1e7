"""Files in: parsed, previewed, then entered by commands."""
