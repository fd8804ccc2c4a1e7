"""What people see: reads that change nothing."""
