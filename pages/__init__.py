"""What people see: one thin script per page."""
