"""BrainAroo's front: a MusicalContext from the clips of a scene and what is known already."""

from __future__ import annotations

from collections.abc import Sequence

from engines.brainaroo.groove.swing import find_swing
from engines.brainaroo.harmony import find_key, read_chords
from engines.brainaroo.hints import Hints
from engines.brainaroo.roles import guess_role
from engines.music.clip import Clip
from engines.music.context import Found, MusicalContext, Part
from engines.music.progression import ChordSpan
from engines.music.scale import Key

__all__ = ["Hints", "read_context"]


def read_context(clips: Sequence[Clip | tuple[str, Clip]], hints: Hints | None = None) -> MusicalContext:
    """The context of clips that sound together, each with its track's name or under its own.

    Hints are taken as they are. Chords are read from the harmony clip, over the bass clip where there is one; the key
    from all pitched parts; swing from the drums, else from any part.
    """
    hints = hints or Hints()
    parts = tuple(
        Part(guess_role(name, clip)[0], name, clip)
        for name, clip in ((clip.name, clip) if isinstance(clip, Clip) else clip for clip in clips)
    )
    chords = hints.chords or _chords_of(parts)
    return MusicalContext(
        tempo=hints.tempo,
        meter=hints.meter,
        key=hints.key or _key_of(parts, chords),
        chords=chords,
        swing=hints.swing or _swing_of(parts),
        parts=parts,
    )


def _first(parts: Sequence[Part], role: str) -> Clip | None:
    return next((part.clip for part in parts if part.role == role and part.clip.notes), None)


def _chords_of(parts: Sequence[Part]) -> tuple[ChordSpan, ...]:
    harmony = _first(parts, "harmony")
    return read_chords(harmony, _first(parts, "bass")) if harmony is not None else ()


def _key_of(parts: Sequence[Part], chords: tuple[ChordSpan, ...]) -> Found[Key | None]:
    pitched = [part.clip for part in parts if part.role != "drums" and part.clip.notes]
    found = find_key((note for clip in pitched for note in clip.notes), chords)
    return Found(None, 0.0, "guess") if found is None else Found(found[0], found[1], "clip")


def _swing_of(parts: Sequence[Part]) -> Found[float]:
    drums = [part.clip for part in parts if part.role == "drums"]
    for clips in (drums, [part.clip for part in parts]):
        places = [note.start for clip in clips if not clip.meter.is_compound for note in clip.notes]
        swing = find_swing(sorted(places))
        if swing.value is not None:
            return Found(max(1.0, swing.value), swing.confidence, "clip")
    return Found(1.0, 0.0, "guess")
