"""What stands on the path in place of what is not installed."""
