"""The keys of a song: one that suits style and mood, and a step up for the last chorus where the style does that."""

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
"""From this valence on, a mood asks for major or minor."""
_LIFTED: Final = ("chorus", "drop", "head")


def choose_key(style: FormStyle, mood: MoodName | None, seed: int) -> Key:
    """One of the keys that the style's players like; a happy song is in major and a sad one in minor where they can."""
    keys = [Key.parse(name) for name in style.keys]
    valence = 0.0 if mood is None else MOODS[mood].valence
    if abs(valence) >= _CLEAR:
        keys = [key for key in keys if key.is_minor == (valence < 0.0)] or keys
    return pick(stream(seed, "key"), keys, [1.0] * len(keys))


def lift_from(kinds: Sequence[SectionKind], style: FormStyle, key: Key, seed: int) -> list[Key]:
    """The key of each section: all the same, or from the last chorus on a step higher.

    Only what has been heard before is lifted, for a listener must know it to feel the lift.
    """
    places = [index for index, kind in enumerate(kinds) if kind in _LIFTED]
    first = places[-1] if places and kinds.count(kinds[places[-1]]) > 1 else len(kinds)
    if stream(seed, "lift").random() >= style.lift.likelihood:
        first = len(kinds)
    lifted = replace(key, tonic=(key.tonic + style.lift.semitones) % 12)
    return [key if index < first else lifted for index in range(len(kinds))]
