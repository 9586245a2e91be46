"""The audio generation request: prompt, facts of the set, and output files. Plain data for any layer.

A request travels to the worker, and stands in the sidecar of every sound that it made.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from musearoo.bridge.protocol import AUDIO_BACKENDS
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import beats_to_seconds, seconds_to_beats
from musearoo.engines.prompts.set_facts import SetFacts

BACKENDS: Final = ("", *AUDIO_BACKENDS)

USUAL_BARS: Final = 8

USUAL_SECONDS: Final = 10.0

SHORTEST: Final = 0.5
LONGEST: Final = 120.0
"""Seconds. A model hears at most half a minute at once: what is longer wanders off, and is seldom wanted as a loop."""

MOST_BARS: Final = 64
MOST_TAKES: Final = 16
MOST_NOTES: Final = 4000

SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 999.0
"""Live's own bounds."""

LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 192_000

WHOLE: Final = 0.01
"""By how many bars seconds may miss a whole number of them to be taken for bars."""

HIGHEST_SEED: Final = 2**31 - 1

Subtype = Literal["FLOAT", "PCM_24"]

TuneNotes = tuple[tuple[float, int, float], ...]
"""Notes of a tune, each (start, MIDI pitch, duration), in seconds."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage of an audio file, from second `start` to `end` (None: its end).

    `bpm` is the tempo that it has in the file, where it is heard at the request's instead; None if it is not.
    """

    path: str
    start: float = 0.0
    end: float | None = None
    bpm: float | None = None


class ImagineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request for sounds: each take becomes a file with a sidecar.

    What is open (None or "") is taken from the text, where that tells it. With `bars` they are loops of that many;
    `seconds` that are whole bars at `bpm` are that, too.
    """

    text: str
    """What the user typed; empty for what the facts suggest."""
    folder: str
    title: str = ""
    """What clips and files are called; "" for the text in short."""
    names: tuple[str, ...] = ()
    """The files' names as they must be, one a take, without ending; () for the title, numbered where it is taken."""
    bpm: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    """Both or none."""
    bars: int | None = None
    seconds: float | None = None
    key: str = ""
    style: str = ""
    chords: str = ""
    """As on a lead sheet: "Am F | C G"."""
    playing: tuple[str, ...] = ()
    """Roles or instruments that sound beside it already, such as "drums"."""
    follow: bool = False
    """Whether the model is told the style too, and hears of the set where the text is empty."""
    prompt: str = ""
    """What the model reads, word by word; "" has it made of the text and the rest."""
    seed: int = 0
    """That of the first take; the others' follow from it."""
    takes: int = 1
    backend: str = ""
    """One of BACKENDS; "" for the best that is there."""
    model: str = ""
    """A name of the catalogue of models; "" for the usual one that can do it."""
    melody: Source | None = None
    """A sound whose tune is followed."""
    notes: TuneNotes = ()
    """A tune to be followed, instead of a sound that has it."""
    before: Source | None = None
    """What is continued: the sound begins where this ends."""
    loudness_lufs: float | None = None
    """How loud it becomes (ITU-R BS.1770); None leaves it as the model made it, but for what would clip."""
    rate: int = 44_100
    """Of the files, Hz."""
    subtype: Subtype = "PCM_24"

    @property
    def meter(self) -> Meter:
        """The time signature, 4/4 by default; raises ParamError if it is invalid."""
        if self.numerator is None or self.denominator is None:
            return Meter()
        return Meter(self.numerator, self.denominator)

    @property
    def facts(self) -> SetFacts:
        """The facts of the set, for the prompt; raises ParamError for an invalid value."""
        return SetFacts(
            bpm=self.bpm,
            meter=None if self.numerator is None else self.meter,
            key=Key.parse(self.key) if self.key else None,
            style=self.style,
            chords=parse_progression(self.chords, self.meter) if self.chords else (),
            playing=self.playing,
            bars=self.bars,
        )

    @property
    def is_led(self) -> bool:
        """Whether it follows a tune or continues a sound, and so begins with the one, as that does."""
        return self.follows_tune or self.before is not None

    @property
    def follows_tune(self) -> bool:
        """Whether to follow a tune."""
        return self.melody is not None or bool(self.notes)

    @property
    def is_loop(self) -> bool:
        """Whether it is counted in bars."""
        return self.bars is not None

    def count_bars(self) -> int | None:
        """Return how many whole bars its seconds are at its tempo, or None."""
        if self.bpm is None or self.seconds is None:
            return None
        bars = seconds_to_beats(self.seconds, self.bpm) / self.meter.bar_beats
        is_whole = 1 <= round(bars) <= MOST_BARS and abs(bars - round(bars)) <= WHOLE
        return round(bars) if is_whole else None

    def require_sensible(self) -> None:
        """Raise ParamError, naming the value, unless all of it can be worked with together."""
        require_between("takes", self.takes, 1, MOST_TAKES)
        require_between("seed", self.seed, 0, HIGHEST_SEED)
        require_between("rate", self.rate, LOWEST_RATE, HIGHEST_RATE, "Hz")
        if self.subtype not in ("FLOAT", "PCM_24"):
            raise ParamError("subtype", "FLOAT or PCM_24", self.subtype)
        for name, text in (("prompt", self.text), ("title", self.title)):
            if text.encode("utf-8", "replace").decode("utf-8") != text:
                raise ParamError(name, "text that UTF-8 can hold", text)
        if self.backend not in BACKENDS:
            raise ParamError("backend", f"{', '.join(AUDIO_BACKENDS)} or empty", self.backend)
        if self.bpm is not None:
            require_between("bpm", self.bpm, SLOWEST_BPM, FASTEST_BPM)
        if self.bars is not None:
            require_between("bars", self.bars, 1, MOST_BARS)
        if self.seconds is not None:
            require_between("seconds", self.seconds, SHORTEST, LONGEST)
        if self.bars is not None and self.seconds is not None:
            raise ParamError("seconds", "left out where bars are given", self.seconds)
        if self.loudness_lufs is not None:
            require_between("loudness", self.loudness_lufs, -60.0, 0.0, "LUFS")
        if self.names and len(self.names) != self.takes:
            raise ParamError("names", f"as many as there are takes, {self.takes}", len(self.names))
        if (self.numerator is None) != (self.denominator is None):
            raise ParamError("meter", "two numbers, or none", (self.numerator, self.denominator))
        # What they are made of is looked at there.
        self.facts  # noqa: B018
        self._require_one_source()
        self._require_notes()

    def require_length(self, bpm: float | None) -> None:
        """Raise ParamError if so many bars at that tempo are no sound of a length that can be made."""
        if self.bars is None or bpm is None:
            return
        seconds = beats_to_seconds(self.bars * self.meter.bar_beats, bpm)
        if not SHORTEST <= seconds <= LONGEST:
            bounds = f"{SHORTEST:g} to {LONGEST:g} seconds long ({self.bars} at {bpm:g} BPM are {seconds:.1f} s)"
            raise ParamError("bars", bounds, self.bars)

    def _require_one_source(self) -> None:
        given = [name for name in ("melody", "notes", "before") if getattr(self, name)]
        if "before" in given and len(given) > 1:
            raise ParamError("melody", "left out where a sound is continued", given[0])
        if len(given) > 1:
            raise ParamError("melody", "a sound or notes, not both", given)
        for source in (self.melody, self.before):
            if source is not None and source.bpm is not None:
                require_between("tempo of the source", source.bpm, SLOWEST_BPM, FASTEST_BPM)

    def _require_notes(self) -> None:
        if len(self.notes) > MOST_NOTES:
            raise ParamError("melody", f"at most {MOST_NOTES} notes", len(self.notes))
        for start, pitch, duration in self.notes:
            if not (0.0 <= start < LONGEST * 10 and 0 <= pitch <= 127 and 0.0 < duration < LONGEST * 10):
                raise ParamError("melody", "notes of pitches 0 to 127 that last", (start, pitch, duration))
