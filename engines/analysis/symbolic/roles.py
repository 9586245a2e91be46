"""The role of a clip in the band, from its name and its notes."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import Final

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_kit import BY_PITCH, HAT_PITCHES, KICK_PITCHES, SNARE_PITCHES
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Role

# Words that producers put into track names, tested in this order: "bass drum" is drums, "synth bass" is bass.
NAME_WORDS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    ("drums", re.compile("drummaroo|drums?|kit|beats?|percussion|perc|kick|snare|hats?|hihat|groove|breaks?|808kit")),
    ("bass", re.compile("bassaroo|bass|sub|808|bassline|basso|contrabass|upright")),
    ("melody", re.compile("melodyroo|melody|lead|vocals?|voice|vox|solo|topline|hook|sax|flute|violin|trumpet")),
    ("atmosphere", re.compile("atmosroo|atmos|atmosphere|ambience|ambient|textures?|drones?|soundscapes?")),
    (
        "harmony",
        re.compile("harmonyroo|chords?|keys|e?piano|rhodes|organ|pads?|guitars?|gtr|strings|comp|stabs?|harmony"),
    ),
)
BASS_BELOW: Final = 52
"""E3: a monophonic line whose median pitch is below it is a bass."""
SURE: Final = 0.45
"""The chord confidence from which an audio clip counts as harmony."""

_WORD = re.compile(r"[a-z]+|\d+")


def guess_role(name: str, clip: Clip) -> tuple[Role, float]:
    """Return the role of a clip and its confidence (0..1).

    >>> guess_role("Sub Bass", Clip("", 4.0))
    ('bass', 0.9)
    """
    named = _role_of_name(name)
    return _role_of_notes(clip) if named is None else (named, 0.9)


def guess_audio_role(name: str, analysis: Analysis) -> tuple[Role, float]:
    """Return the role of an audio clip from its name, else from its analysis; "unknown" for a whole mix.

    >>> from musearoo.engines.music.knowledge.analysis import UNKNOWN, Rhythm
    >>> guess_audio_role("Drum Loop", Analysis(4.0, "fast", Rhythm(UNKNOWN)))
    ('drums', 0.9)
    """
    named = _role_of_name(name)
    if named is not None:
        return named, 0.9
    chords = analysis.harmony.chords_confidence if any(span.chord for span in analysis.harmony.chords) else 0.0
    struck = len(analysis.hits) / max(1, len(analysis.onsets), len(analysis.hits))
    kinds = {hit.kind for hit in analysis.hits}
    if chords < SURE and struck > 0.5 and len(kinds) >= 2:
        return "drums", 0.5 + 0.4 * struck * (1.0 - chords)
    if struck > 0.5 and {"kick", "snare"} <= kinds:
        return "unknown", 0.0
    register = analysis.character.register.value
    if register is not None and sum(register) / 2.0 < BASS_BELOW and register[1] < BASS_BELOW + 12:
        return "bass", 0.6
    if chords >= SURE:
        return "harmony", 0.4 + 0.5 * chords
    return ("melody", 0.4) if register is not None and analysis.onsets else ("unknown", 0.0)


def _role_of_name(name: str) -> Role | None:
    words = _WORD.findall(name.lower())
    return next((role for role, known in NAME_WORDS if any(known.fullmatch(word) for word in words)), None)


def _role_of_notes(clip: Clip) -> tuple[Role, float]:
    if not clip.notes:
        return "unknown", 0.0
    pitches = Counter(note.pitch for note in clip.notes)
    total = len(clip.notes)
    on_kit = sum(count for pitch, count in pitches.items() if pitch in BY_PITCH) / total
    limbs = sum(any(pitch in pitches for pitch in group) for group in (KICK_PITCHES, SNARE_PITCHES, HAT_PITCHES))
    short = sum(note.duration <= 0.5 for note in clip.notes) / total
    if on_kit > 0.85 and limbs >= 2 and short > 0.6:
        return "drums", 0.6 + 0.1 * limbs
    if together_share(clip) > 0.5:
        return "harmony", 0.75
    middle = sorted(note.pitch for note in clip.notes)[total // 2]
    return ("bass", 0.75) if middle < BASS_BELOW else ("melody", 0.6)


def together_share(clip: Clip) -> float:
    """Return the share of notes that start together with another, within a thirty-second: 1 for chords only, 0 for a
    line.

    >>> from musearoo.engines.music.note import Note
    >>> together_share(Clip("", 4.0, (Note(0, 60, 1, 90), Note(0, 64, 1, 90), Note(2, 60, 1, 90))))
    0.6666666666666666
    """
    if not clip.notes:
        return 0.0
    sizes = [len(list(group)) for _, group in groupby(clip.notes, key=lambda note: round(note.start * 8.0))]
    return sum(size for size in sizes if size > 1) / len(clip.notes)
