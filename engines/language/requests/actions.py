"""Actions in the set, to do or done: all numbers resolved, whether requested by voice or by a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.language.requests.commands import Intent

MAKES_CLIPS: Final = frozenset((Intent.PLAY, Intent.CHANGE, Intent.IMAGINE, Intent.SONG))
"""What leaves clips behind that can be meant by "it"."""

USUAL: Final = 0.5
"""Complexity, density and humanising as the style has them."""

USUAL_BARS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAction:
    """One thing to do, or done. What an intent has no use for keeps its default.

    Never of AGAIN (that is PLAY, CHANGE, IMAGINE or SONG once more), nor of what is only talked about.
    Tracks and scenes count from 1. A scene beyond the last is a new one at the end.
    """

    intent: Intent
    parts: tuple[str, ...] = ()
    """PLAY: what is played, of `commands.PARTS`, or ("band",). CHANGE, KEEP: the part of the clip, where it is known.
    JAM: who answers, none where RooAroo decides."""
    style: str = ""
    bars: int = 0
    """PLAY, IMAGINE, LISTEN, JAM, CAPTURE: bars. 0 leaves it open; for CAPTURE it is the last phrase."""
    key: str = ""
    chords: str = ""
    bpm: float = 0.0
    """TEMPO, and PLAY where the set's tempo is to change with it; 0 leaves it."""
    complexity: float = USUAL
    density: float = USUAL
    humanise: float = USUAL
    """For CHANGE, these three are what the clip has afterwards, as far as that is known."""
    swing: float = 0.0
    """The ratio of long to short, 1 straight; 0 follows the set and the style."""
    options: str = ""
    """What only one engine knows, such as "octave=1"."""
    manner: str = ""
    changes: tuple[str, ...] = ()
    """Words that `parse_modifiers` reads: what CHANGE changes, or what of a new part is otherwise than usual."""
    takes: int = 1
    track: int = 0
    """PLAY, IMAGINE: 0 for the player's own, or a new one. Of a clip: its track, 0 for the clip in Detail View."""
    scene: int = 0
    """Where it goes, or the scene of the clip; 0 for the selected one."""
    replace: bool = False
    tracks: tuple[int, ...] = ()
    """MUTE, UNMUTE, SOLO, UNSOLO, LEVEL: the tracks it is about. DELETE: those of several clips in `scene`, or several
    tracks; `track` is 0 then."""
    each: tuple[SetAction, ...] = ()
    """CHANGE of several clips: one for each, and nothing else."""
    up: bool = False
    """LEVEL: louder, or else softer."""
    degree: str = ""
    """LEVEL: of `commands.DEGREES`."""
    what: str = ""
    """DELETE: "clip", "track" or "scene"."""
    first_bar: int = 0
    last_bar: int = 0
    seconds: int = 0
    """SONG: how long; 0 leaves it open."""
    where: str = ""
    """SONG: "scenes" or "timeline"."""
    prompt: str = ""
    stems: int = 4
    deep: bool = False
    on: bool = False
    """AUTO_SPLIT, HEAR, JAM: on, or else off."""
    go_on: bool = False
    to_played: str = ""
    """PLAY: of `commands.TO_PLAYED`, what it is to the last `bars` that the player played; "" for nothing."""
    hear: bool = False
    """PLAY, CHANGE: it sounds before it is written, and is written only when it is kept."""
    request: str = ""
    """UNDO: the request that is expected to be taken back; "" for the last, whatever it is."""

    @property
    def makes_clips(self) -> bool:
        """Whether it leaves clips behind."""
        return self.intent in MAKES_CLIPS

    @property
    def label(self) -> str:
        """What it is called in a sentence: "funk bass", "reggae band", "drums and bass".

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
    """Of what was made; 0 where that is not known."""
    scene: int = 0
    at: float = 0.0
    """When it was done, on the clock of whoever remembers it, in seconds."""
    kept: bool = False
    track_names: tuple[str, ...] = ()
    """What its tracks were called when they were first seen, in the order of the action's or of `track` alone."""


PART_NAMES: Final = {"harmony": "chords", "atmosphere": "pad"}
"""Parts that musicians call otherwise than the engines do."""


def name_part(part: str) -> str:
    """A part as a musician says it.

    >>> name_part("harmony"), name_part("bass")
    ('chords', 'bass')
    """
    return PART_NAMES.get(part, part)


def name_parts(parts: tuple[str, ...]) -> str:
    """Parts in a row.

    >>> name_parts(("drums", "bass", "harmony"))
    'drums, bass and chords'
    """
    return join_names([name_part(part) for part in parts])


def join_names(names: Sequence[str]) -> str:
    """Names in a row, as a sentence has them.

    >>> join_names(["Drums", "Sub Bass", "Keys"])
    'Drums, Sub Bass and Keys'
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
