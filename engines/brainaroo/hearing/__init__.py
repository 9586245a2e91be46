"""Hears audio: NumPy and SciPy alone, so that the daemon can do it by itself. Imported by the first analysis, not at start."""
