"""What stems are measured with."""
