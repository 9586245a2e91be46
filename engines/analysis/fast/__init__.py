"""The fast analysis pass for audio, with NumPy and SciPy only. The daemon runs it in its own process but does not
import it at startup."""
