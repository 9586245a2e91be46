"""Hears audio, with NumPy and SciPy alone: the daemon does it by itself. Not imported at start."""
