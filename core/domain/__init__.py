"""The rules, in plain Python: values in, an answer out."""
