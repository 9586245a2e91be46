"""The key that a set's own scale gives. Pure."""

from musearoo.bridge.protocol import SongState
from musearoo.engines.errors import ParamError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.scale import Key


def key_of_set(song: SongState) -> Estimate[Key | None] | None:
    """Return the key of the set's own scale; None if it is off, or unknown to engines."""
    # Live shows C major in every new set: a scale that is off says nothing, and the clips decide.
    if song.scale_mode != 1:
        return None
    try:
        return Estimate(Key.from_live(song.root_note, song.scale_name), 1.0, "set")
    except ParamError:
        # A scale of a newer Live or of the user's own.
        return None
