"""BrainAroo: listens to what plays. So far it reads MIDI clips; what it says of them is exact."""

from engines.brainaroo.engine import Hints, read_context

__all__ = ["Hints", "read_context"]
