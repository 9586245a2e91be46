"""RooAroo's view of the Live set: what it needs to resolve references and to find what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from musearoo.engines.language.requests.actions import SetAction

SURE: Final = 0.5
"""Confidence from which an estimated key or style counts as known."""

Kind = Literal["midi", "audio", "group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """One regular track. Tracks and scenes count from 1, as Live shows them."""

    number: int
    name: str
    kind: Kind = "midi"
    part: str = ""
    """The part it plays, of `commands.PARTS`; "" if unknown."""
    clips: frozenset[int] = frozenset()
    """Numbers of the scenes in which it has a clip."""
    clip_names: tuple[tuple[int, str], ...] = ()
    """Names of its clips by scene number, for clips that have one."""
    muted: bool = False
    soloed: bool = False
    is_own: bool = False
    """Whether it is a Roo's own track, by its name: its clips were made by MuseAroo."""

    def clip_name(self, scene: int) -> str:
        """Return the name of the clip in a scene, "" if it has none."""
        return next((name for number, name in self.clip_names if number == scene), "")

    @property
    def is_audio(self) -> bool:
        """Whether its clips are audio."""
        return self.kind == "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipView:
    """A clip: its track number (0 if deleted) and scene number (0 in the Arrangement)."""

    track: int
    scene: int
    name: str = ""
    is_audio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionedTake:
    """An auditioned take: its name, the action that made it (None for a clip of the set), and its start time."""

    name: str
    action: SetAction | None = None
    at: float = 0.0
    """In seconds, on the clock of the memory."""

    @property
    def label(self) -> str:
        """Its name in a sentence."""
        return (self.action.label if self.action is not None else "") or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayAlongView:
    """The state of playing along: the audition, the jam, and what was played in by MIDI."""

    problem: str = ""
    """Why nothing can be auditioned or played in, as a sentence."""
    silent: str = ""
    """Why nothing played would be audible although live MIDI is available, as a sentence."""
    has_input: bool = True
    """Whether there is an input for a keyboard."""
    played: int = 0
    """Bars that were played in and can be kept."""
    audition: AuditionedTake | None = None
    is_making: bool = False
    """Whether a take for the audition is being generated."""
    jams: bool = False
    jam_bars: int = 0
    """Bars of a turn during a jam."""
    ambience_at: float | None = None
    """When endless music was begun or steered last, on the clock of actions; None while none plays."""
    under_way: int = 0
    """Number of pending requests from here."""
    is_passing: bool = False
    """Whether the caller leaves after the answer, with no device in the set to play through."""
    written: str = ""
    """The request that was written last, "" if unknown; `written_name` is the name of its result."""
    written_name: str = ""


def _measure_nothing(_track: int, _scene: int) -> float | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetView:
    """A Live set at one moment."""

    set: str = ""
    """Identifies the running Live; "" if no set is visible, as with `musearoo say` without Live."""
    tempo: float = 120.0
    key: str = ""
    """For `Key.parse`; "" if unknown."""
    key_confidence: float = 0.0
    chords: str = ""
    """The chords of the selected scene, as a device shows them."""
    style: str = ""
    style_confidence: float = 0.0
    tracks: tuple[TrackView, ...] = ()
    """In the order of their numbers."""
    scenes: int = 0
    """The number of scenes."""
    scene: int = 0
    """The selected one, 0 if unknown."""
    track: int = 0
    """The selected one; 0 for a return track, the master or none."""
    shown: ClipView | None = None
    """The clip in Detail View."""
    along: PlayAlongView | None = None
    """None if no set is visible."""
    measure: Callable[[int, int], float | None] = field(default=_measure_nothing, compare=False)
    """Return the complexity of the clip on a track in a scene, 0..1, None if unknown. Called lazily."""

    def track_at(self, number: int) -> TrackView | None:
        """Return the track of a number, or None."""
        return next((track for track in self.tracks if track.number == number), None)

    def playing(self, scene: int) -> tuple[TrackView, ...]:
        """Return the unmuted tracks with a clip in a scene."""
        return tuple(track for track in self.tracks if scene in track.clips and not track.muted)

    @property
    def known_key(self) -> str:
        """The key if its confidence is sufficient, or ""."""
        return self.key if self.key_confidence >= SURE else ""

    @property
    def known_style(self) -> str:
        """The style if its confidence is sufficient, or ""."""
        return self.style if self.style_confidence >= SURE else ""
