"""The newer framework."""
