"""BrainAroo: listens to what plays.

MIDI clips are read (`reading`), exactly; audio is heard (`hearing`), with NumPy. Both come to the same Analysis, and
all clips of a scene to one context (`merging`).
"""

from engines.brainaroo.engine import Hints, read_context

__all__ = ["Hints", "read_context"]
