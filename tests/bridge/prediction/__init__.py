"""What is likely to be asked next."""
