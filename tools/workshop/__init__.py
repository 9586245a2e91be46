"""Build and check tools for developers; not included in wheels."""
