"""What is in a clip, how its sound looks, and what plays. Positions are beats of the clip, or seconds of its file."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from musearoo.bridge.api.types.answers import Answer, NoteRow

ChordRow = tuple[
    Annotated[float, Meta(description="start in beats of the clip")],
    Annotated[str, Meta(description="chord, such as Am7; empty where none sounds")],
]
WarpRow = tuple[
    Annotated[float, Meta(description="second of the file")],
    Annotated[float, Meta(description="beat of the clip that falls on it")],
]


class ClipDetail(Answer, frozen=True, kw_only=True):
    """A clip with what is in it; where it is and how it looks is in the set.

    `take` is the id of the take that was written there, if the clip still is as it was. What plays is from `loop_start`
    to `loop_end` where it loops, else from `start_marker` to `end_marker`: all in beats of the clip, in which `notes`
    and `chords` are, too. An audio clip that is not `warped` has them in seconds of its file. `muted` are the places
    in `notes` of those that are silent. `file`, `seconds`, `warp` (its markers) and `beats` (seconds of the file) are
    those of an audio clip; `chords` and `beats` are empty where they are not known.
    """

    id: int
    kind: Literal["midi", "audio"]
    name: str
    length: float
    looping: bool
    loop_start: float
    loop_end: float
    start_marker: float
    end_marker: float
    time_signature: str
    take: str | None = None
    is_drums: bool = False
    notes: tuple[NoteRow, ...] = ()
    muted: tuple[int, ...] = ()
    chords: tuple[ChordRow, ...] = ()
    file: str = ""
    seconds: float | None = None
    warped: bool = False
    warp: tuple[WarpRow, ...] = ()
    beats: tuple[float, ...] = ()


Sample = Annotated[int, Meta(ge=-128, le=127)]


class Peaks(Answer, frozen=True, kw_only=True):
    """The lowest and the highest sample of each column of a waveform: of the mean of all channels, -128 to 127.

    `seconds` is the length of the sound; the columns are even from second `start` to second `end` of it.
    """

    seconds: float
    start: float
    end: float
    columns: int
    low: tuple[Sample, ...]
    high: tuple[Sample, ...]


class PlayingClip(Answer, frozen=True, kw_only=True):
    """A clip that plays. `since`: the song's beat at which it began, to the whole beat; None where nobody saw it."""

    clip: int
    since: float | None = None


class TransportView(Answer, frozen=True, kw_only=True):
    """Live's transport: the song's position was `beat` at `at`, Unix seconds; `sent` is when that was told.

    While it plays, the position goes on by `bpm`, within `loop` (of the Arrangement) where that is on. A client whose
    clock is another one counts from when this came, `sent` - `at` seconds later.
    """

    playing: bool
    beat: float
    bpm: float
    at: float
    sent: float
    loop: tuple[float, float] | None = None
    clips: tuple[PlayingClip, ...] = ()
