"""Version 2 of the newer framework."""
