"""BrainAroo's front: a MusicalContext from the clips of a scene and what is known already."""

from __future__ import annotations

from collections.abc import Sequence

from engines.brainaroo.hints import Hints
from engines.brainaroo.merging import ScenePart, merge_context
from engines.music.clip import Clip
from engines.music.context import MusicalContext

__all__ = ["Hints", "read_context"]


def read_context(clips: Sequence[Clip | tuple[str, Clip]], hints: Hints | None = None) -> MusicalContext:
    """The context of MIDI clips that sound together, each with its track's name or under its own; hints stand."""
    named = [(clip.name, clip) if isinstance(clip, Clip) else clip for clip in clips]
    return merge_context([ScenePart(name, clip) for name, clip in named], hints)
