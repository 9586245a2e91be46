"""The fast pass on audio, with NumPy and SciPy alone. The daemon runs it by itself, but does not import it at start."""
