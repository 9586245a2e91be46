"""The keys of a song: a key for style and mood, and a key change up for the last chorus in styles that use one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.players.arrangement.moods import MOODS
from musearoo.engines.styles.form import FormStyle, MoodName

_CLEAR: Final = 0.3
"""The absolute valence from which a mood decides between major and minor."""
_LIFTED: Final = ("chorus", "drop", "head")


def choose_key(style: FormStyle, mood: MoodName | None, seed: int) -> Key:
    """Return one of the style's keys: major for a happy mood and minor for a sad one, where the style has such keys."""
    keys = [Key.parse(name) for name in style.keys]
    valence = 0.0 if mood is None else MOODS[mood].valence
    if abs(valence) >= _CLEAR:
        keys = [key for key in keys if key.is_minor == (valence < 0.0)] or keys
    return pick(stream(seed, "key"), keys, [1.0] * len(keys))


def lift_from(kinds: Sequence[SectionKind], style: FormStyle, key: Key, seed: int) -> list[Key]:
    """Return the key of each section: the same for all, or raised from the last chorus on.

    Only a section that repeats is raised, since listeners notice the change only in music they know.
    """
    places = [index for index, kind in enumerate(kinds) if kind in _LIFTED]
    first = places[-1] if places and kinds.count(kinds[places[-1]]) > 1 else len(kinds)
    if stream(seed, "lift").random() >= style.lift.likelihood:
        first = len(kinds)
    lifted = replace(key, tonic=(key.tonic + style.lift.semitones) % 12)
    return [key if index < first else lifted for index in range(len(kinds))]
