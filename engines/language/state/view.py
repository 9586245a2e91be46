"""RooAroo's view of the Live set: what it needs to resolve references and to see what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from musearoo.engines.language.requests.actions import SetAction

SURE: Final = 0.5
"""From this confidence on, a key or a style that was found in the set counts as known."""

Kind = Literal["midi", "audio", "group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """One regular track. Tracks and scenes count from 1, as Live shows them."""

    number: int
    name: str
    kind: Kind = "midi"
    part: str = ""
    """The part it plays, of `commands.PARTS`; "" where that is not known."""
    clips: frozenset[int] = frozenset()
    """The numbers of the scenes in which it has a clip."""
    clip_names: tuple[tuple[int, str], ...] = ()
    """The names of its clips by the numbers of their scenes, as far as they have any."""
    muted: bool = False
    soloed: bool = False
    is_own: bool = False
    """Whether it is a Roo's own track, by its name: what lies there was made by MuseAroo."""

    def clip_name(self, scene: int) -> str:
        """The name of the clip in a scene, "" for one that has none."""
        return next((name for number, name in self.clip_names if number == scene), "")

    @property
    def is_audio(self) -> bool:
        """Whether its clips are audio."""
        return self.kind == "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipView:
    """One clip: the number of its track (0 where that has gone) and of its scene, 0 in the Arrangement."""

    track: int
    scene: int
    name: str = ""
    is_audio: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditionedTake:
    """An auditioned take: its name, the action that made it (None for a clip of the set), and since when."""

    name: str
    action: SetAction | None = None
    at: float = 0.0
    """In seconds, on the clock of what is remembered."""

    @property
    def label(self) -> str:
        """What it is called in a sentence."""
        return (self.action.label if self.action is not None else "") or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayAlongView:
    """The state of playing along: the audition, the jam, and what was played in by MIDI."""

    problem: str = ""
    """Why nothing can be heard or played in, in a sentence."""
    silent: str = ""
    """Why nothing that is played would be heard, in a sentence, though live MIDI is there."""
    has_input: bool = True
    """Whether there is an input for a keyboard."""
    played: int = 0
    """Bars that were played in and can be kept."""
    audition: AuditionedTake | None = None
    is_making: bool = False
    """Whether something is being made that is to be heard."""
    jams: bool = False
    jam_bars: int = 0
    """Bars of a turn, while somebody jams."""
    under_way: int = 0
    """What was asked for from here and is not done yet."""
    is_passing: bool = False
    """Whether whoever speaks leaves once they were answered, and no device stays to hear anything."""
    written: str = ""
    """The request that was written last, "" where that is not known, and the name of what it wrote."""
    written_name: str = ""


def _measure_nothing(_track: int, _scene: int) -> float | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetView:
    """A Live set at one moment."""

    set: str = ""
    """Which running Live it is; "" where no set is seen at all, as in `musearoo say` beside Live."""
    tempo: float = 120.0
    key: str = ""
    """As `Key.parse` reads it; "" where nothing is known."""
    key_confidence: float = 0.0
    chords: str = ""
    """The chords of the selected scene, as a device shows them."""
    style: str = ""
    style_confidence: float = 0.0
    tracks: tuple[TrackView, ...] = ()
    """In the order of their numbers."""
    scenes: int = 0
    """How many there are."""
    scene: int = 0
    """The selected one, 0 where none is known."""
    track: int = 0
    """The selected one; 0 for a return track, the master or none."""
    shown: ClipView | None = None
    """The clip in Detail View."""
    along: PlayAlongView | None = None
    """Where no set is seen, nobody plays along."""
    measure: Callable[[int, int], float | None] = field(default=_measure_nothing, compare=False)
    """How complex the clip on a track in a scene is, 0..1; None where nothing is known. It is asked when it matters."""

    def track_at(self, number: int) -> TrackView | None:
        """The track of a number, or None."""
        return next((track for track in self.tracks if track.number == number), None)

    def playing(self, scene: int) -> tuple[TrackView, ...]:
        """The tracks that have a clip in a scene and can be heard."""
        return tuple(track for track in self.tracks if scene in track.clips and not track.muted)

    @property
    def known_key(self) -> str:
        """The key where it is known well enough, or ""."""
        return self.key if self.key_confidence >= SURE else ""

    @property
    def known_style(self) -> str:
        """The style where it is known well enough, or ""."""
        return self.style if self.style_confidence >= SURE else ""
