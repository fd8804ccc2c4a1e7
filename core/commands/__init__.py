"""What people do: one function per action, in one unit of work."""
