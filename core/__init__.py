"""What Perennial knows and does, without its pages."""
