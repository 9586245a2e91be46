"""Actions in the set, to do or done: all numbers resolved, whether requested by voice or by a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.language.requests.commands import Intent

MAKES_CLIPS: Final = frozenset((Intent.PLAY, Intent.CHANGE, Intent.IMAGINE, Intent.SONG))
"""Intents that create clips, which "it" can refer to."""

USUAL: Final = 0.5
"""Default complexity, density and humanising: those of the style."""

USUAL_BARS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAction:
    """One action to do, or done. Fields that an intent does not use keep their defaults.

    Its intent is never AGAIN (but PLAY, CHANGE, IMAGINE or SONG again), nor one that is only talk.
    Tracks and scenes count from 1. A scene beyond the last is a new one at the end.
    """

    intent: Intent
    parts: tuple[str, ...] = ()
    """PLAY: parts to play, of `commands.PARTS`, or ("band",). CHANGE, KEEP: the part of the clip, if known.
    JAM: who answers; empty: RooAroo decides."""
    style: str = ""
    bars: int = 0
    """PLAY, IMAGINE, LISTEN, JAM, CAPTURE: bars. 0 leaves it open; for CAPTURE it is the last phrase."""
    key: str = ""
    chords: str = ""
    bpm: float = 0.0
    """TEMPO, and PLAY if the set's tempo is to change with it; 0 leaves it."""
    complexity: float = USUAL
    density: float = USUAL
    humanise: float = USUAL
    """For CHANGE, these three are the values of the clip afterwards, as far as known."""
    swing: float = 0.0
    """Ratio of long to short, 1 straight; 0 follows the set and the style."""
    options: str = ""
    """Options of a single engine, such as "octave=1"."""
    manner: str = ""
    changes: tuple[str, ...] = ()
    """Words for `parse_modifiers`: what CHANGE changes, or how a new part differs from the default."""
    takes: int = 1
    track: int = 0
    """PLAY, IMAGINE: 0 for the player's own track, or a new one. For clips: the track, 0: the clip in Detail View."""
    scene: int = 0
    """The destination, or the scene of the clip; 0 for the selected one."""
    replace: bool = False
    tracks: tuple[int, ...] = ()
    """MUTE, UNMUTE, SOLO, UNSOLO, LEVEL: the tracks. DELETE: the tracks of several clips in `scene`, or several
    tracks; `track` is 0 then."""
    each: tuple[SetAction, ...] = ()
    """CHANGE of several clips: one action for each; all other fields are unused."""
    up: bool = False
    """LEVEL: louder; otherwise softer."""
    degree: str = ""
    """LEVEL: of `commands.DEGREES`."""
    what: str = ""
    """DELETE: "clip", "track" or "scene"."""
    first_bar: int = 0
    last_bar: int = 0
    seconds: int = 0
    """SONG: duration; 0 leaves it open."""
    where: str = ""
    """SONG: "scenes" or "timeline"."""
    prompt: str = ""
    stems: int = 4
    deep: bool = False
    on: bool = False
    """AUTO_SPLIT, HEAR, JAM, AMBIENCE: on or off."""
    go_on: bool = False
    to_played: str = ""
    """PLAY: of `commands.TO_PLAYED`, the relation to the last `bars` of the player; "" for none."""
    preset: str = ""
    mood: str = ""
    follow: bool | None = None
    """AMBIENCE: preset, mood or change such as "darker", and whether it follows the set; "" and None leave it."""
    hear: bool = False
    """PLAY, CHANGE: audition first; it is written only if kept."""
    request: str = ""
    """UNDO: the request to undo; "" for the last one."""

    @property
    def makes_clips(self) -> bool:
        """Whether it creates clips."""
        return self.intent in MAKES_CLIPS

    @property
    def label(self) -> str:
        """Its name in a sentence: "funk bass", "reggae band", "drums and bass".

        >>> SetAction(intent=Intent.PLAY, parts=("bass",), style="funk").label
        'funk bass'
        """
        if self.intent is Intent.IMAGINE:
            return f"“{self.prompt}”" if self.prompt else "imagined loop"
        if self.intent is Intent.SONG:
            return f"{self.style} song".strip()
        return f"{self.style} {name_parts(self.parts)}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneAction:
    """An action that was done: its request, its name in the set, and where it is."""

    action: SetAction
    request: str
    name: str
    track: int = 0
    """Of what was created; 0 if unknown."""
    scene: int = 0
    at: float = 0.0
    """When it was done, in seconds on the clock of the memory."""
    kept: bool = False
    track_names: tuple[str, ...] = ()
    """Names of its tracks when first seen, in the order of the action's `tracks`, or of `track` alone."""


PART_NAMES: Final = {"harmony": "chords", "atmosphere": "pad"}
"""Parts for which musicians use another name than the engines."""


def name_part(part: str) -> str:
    """Return a musician's name of a part.

    >>> name_part("harmony"), name_part("bass")
    ('chords', 'bass')
    """
    return PART_NAMES.get(part, part)


def name_parts(parts: tuple[str, ...]) -> str:
    """Return the parts as a list in words.

    >>> name_parts(("drums", "bass", "harmony"))
    'drums, bass and chords'
    """
    return join_names([name_part(part) for part in parts])
