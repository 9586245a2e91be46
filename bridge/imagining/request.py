"""The audio generation request: prompt, facts of the set, and output files. Plain data for any layer.

A request is sent to the worker, and is recorded in the sidecar of every sound that it made.
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
"""Most seconds. A model's context is at most half a minute: longer sounds drift, and are seldom useful as loops."""

MOST_BARS: Final = 64
MOST_TAKES: Final = 16
MOST_NOTES: Final = 4000

SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 999.0
"""Live's own bounds."""

LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 192_000

WHOLE: Final = 0.01
"""Tolerance in bars within which a length in seconds counts as whole bars."""

HIGHEST_SEED: Final = 2**31 - 1

Subtype = Literal["FLOAT", "PCM_24"]

TuneNotes = tuple[tuple[float, int, float], ...]
"""Notes of a tune, each (start, MIDI pitch, duration), in seconds."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage of an audio file, from second `start` to `end` (None: its end).

    `bpm` is its tempo in the file, if it is to be played at the request's tempo instead; None to play it unchanged.
    """

    path: str
    start: float = 0.0
    end: float | None = None
    bpm: float | None = None


class ImagineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request for sounds: each take becomes a file with a sidecar.

    Open values (None or "") are taken from the text if it has them. With `bars` the sounds are loops of that length;
    `seconds` that are whole bars at `bpm` count as bars, too.
    """

    text: str
    """The user's text; empty for a prompt from the facts alone."""
    folder: str
    title: str = ""
    """The title of clips and files; "" for a short form of the text."""
    names: tuple[str, ...] = ()
    """The files' exact names, one per take, without extension; () for the title, numbered if it exists."""
    bpm: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    """Given together with the numerator, or not at all."""
    bars: int | None = None
    seconds: float | None = None
    key: str = ""
    style: str = ""
    chords: str = ""
    """In lead-sheet notation: "Am F | C G"."""
    playing: tuple[str, ...] = ()
    """Roles or instruments that already play in the scene, such as "drums"."""
    follow: bool = False
    """Whether the prompt includes the style too, and the facts of the set if the text is empty."""
    prompt: str = ""
    """The model's exact input; "" to make it from the text and the facts."""
    seed: int = 0
    """The first take's seed, from which the others' follow."""
    takes: int = 1
    backend: str = ""
    """One of BACKENDS; "" for the best one installed."""
    model: str = ""
    """A model's name in the catalogue; "" for the default that can perform the request."""
    melody: Source | None = None
    """A sound with the tune to follow."""
    notes: TuneNotes = ()
    """A tune to follow, in place of a sound."""
    before: Source | None = None
    """The sound to continue from its end."""
    loudness_lufs: float | None = None
    """Target loudness (ITU-R BS.1770); None keeps the model's level, except that it must not clip."""
    rate: int = 44_100
    """The files' sample rate in Hz."""
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
        """Whether it follows a tune or continues a sound, and so begins on beat one, as that does."""
        return self.follows_tune or self.before is not None

    @property
    def follows_tune(self) -> bool:
        """Whether to follow a tune."""
        return self.melody is not None or bool(self.notes)

    @property
    def is_loop(self) -> bool:
        """Whether its length is given in bars."""
        return self.bars is not None

    def count_bars(self) -> int | None:
        """Return how many whole bars its seconds are at its tempo, or None."""
        if self.bpm is None or self.seconds is None:
            return None
        bars = seconds_to_beats(self.seconds, self.bpm) / self.meter.bar_beats
        is_whole = 1 <= round(bars) <= MOST_BARS and abs(bars - round(bars)) <= WHOLE
        return round(bars) if is_whole else None

    def require_sensible(self) -> None:
        """Raise ParamError, naming the value, unless all values are valid together."""
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
        # The property validates the facts.
        self.facts  # noqa: B018
        self._require_one_source()
        self._require_notes()

    def require_length(self, bpm: float | None) -> None:
        """Raise ParamError if its bars at that tempo are too short or too long."""
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
