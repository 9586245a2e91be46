"""What `tools/dev.py` does: environments from locks, the locks themselves, and the checks. Standard library only."""
