"""The musical context of an engine: tempo, meter, key, chords, groove, form and the other parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import UNKNOWN, Estimate, Source
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan, parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import MAX_RATIO

Role = Literal["drums", "bass", "harmony", "melody", "atmosphere", "unknown"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
MIN_BPM: Final = 20.0
MAX_BPM: Final = 999.0
"""Live's tempo range."""

_USUAL_TEMPO: Final = Estimate(120.0, 0.0, "guess")
_USUAL_METER: Final = Estimate(Meter(), 0.0, "guess")
_USUAL_SWING: Final = Estimate(1.0, 0.0, "guess")


@dataclass(frozen=True, slots=True)
class Part:
    """An existing part: its role in the band, its name in the set, and its notes."""

    role: Role
    name: str
    clip: Clip

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ParamError("role", f"one of {', '.join(ROLES)}", self.role)


@dataclass(frozen=True, slots=True)
class SectionSpan:
    """A section of the form from `start` to `end`, in beats; similar sections share a label ("A", "B", …)."""

    start: float
    end: float
    label: str
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.start < self.end:
            raise ParamError("section span", "from a start of at least 0 to a later end", (self.start, self.end))
        require_between("section confidence", self.confidence, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class MusicalContext:
    """The music around a part. Chords and sections are sorted, in beats from the clip's start.

    `groove` is a template for other parts to follow, `style` the name of a preset, `energy` 0..1.

    >>> context = MusicalContext.plain(bpm=96, key="Am", chords="Am F | C")
    >>> context.tempo.value, str(context.key.value), context.chords[1].chord.symbol, context.chords_length
    (96.0, 'A minor', 'F', 8.0)
    """

    tempo: Estimate[float] = _USUAL_TEMPO
    meter: Estimate[Meter] = _USUAL_METER
    key: Estimate[Key | None] = UNKNOWN
    chords: tuple[ChordSpan, ...] = ()
    swing: Estimate[float] = _USUAL_SWING
    parts: tuple[Part, ...] = field(default=())
    groove: Estimate[Groove | None] = UNKNOWN
    style: Estimate[str | None] = UNKNOWN
    energy: Estimate[float | None] = UNKNOWN
    sections: tuple[SectionSpan, ...] = ()

    def __post_init__(self) -> None:
        require_between("tempo", self.tempo.value, MIN_BPM, MAX_BPM, "BPM")
        require_between("swing", self.swing.value, 1.0 / MAX_RATIO, MAX_RATIO)
        if self.energy.value is not None:
            require_between("energy", self.energy.value, 0.0, 1.0)
        for index, (span, following) in enumerate(zip(self.chords, self.chords[1:], strict=False)):
            if following.start < span.end - _TOUCHING:
                bounds = f"at or after the end of the chord before, {span.end:g}"
                raise ParamError(f"chords[{index + 1}].start", bounds, following.start)

    @classmethod
    def plain(
        cls,
        bpm: float = 120.0,
        meter: str | Meter = "4/4",
        key: str | Key | None = None,
        chords: str | Sequence[ChordSpan] = "",
        swing: float | None = None,
        parts: Sequence[Part] = (),
        source: Source = "user",
    ) -> MusicalContext:
        """Return a context of plain values from one source; missing values are guesses without confidence."""
        signature = Meter.parse(meter) if isinstance(meter, str) else meter
        scale = Key.parse(key) if isinstance(key, str) else key
        spans = parse_progression(chords, signature) if isinstance(chords, str) else tuple(chords)
        return cls(
            tempo=Estimate(float(bpm), 1.0, source),
            meter=Estimate(signature, 1.0, source),
            key=UNKNOWN if scale is None else Estimate(scale, 1.0, source),
            chords=spans,
            swing=_USUAL_SWING if swing is None else Estimate(float(swing), 1.0, source),
            parts=tuple(parts),
        )

    @property
    def bpm(self) -> float:
        """The tempo in beats per minute."""
        return self.tempo.value

    @property
    def chords_length(self) -> float:
        """The period of the chords in beats: the last one's end, rounded up to whole bars."""
        if not self.chords:
            return 0.0
        bar = self.meter.value.bar_beats
        bars = -(-(self.chords[-1].end - _TOUCHING) // bar)
        return max(1.0, bars) * bar

    def part(self, role: Role) -> Part | None:
        """Return the first part with this role that has notes, or None."""
        return next((part for part in self.parts if part.role == role and part.clip.notes), None)


_TOUCHING: Final = 1e-6
"""The rounding in beats by which spans may overlap or cross a bar line."""
