"""The older framework."""
