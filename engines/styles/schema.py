"""The schema of a style: fields shared by all players, and one section per player."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan, parse_progression
from musearoo.engines.music.swing import MAX_RATIO, Swing
from musearoo.engines.styles.atmos import AtmosStyle, check_atmos
from musearoo.engines.styles.bass import BassStyle, check_bass
from musearoo.engines.styles.drums import DrumStyle, check_drums
from musearoo.engines.styles.form import FormStyle, check_form
from musearoo.engines.styles.harmony import HarmonyStyle, check_harmony
from musearoo.engines.styles.melody import MelodyStyle, check_melody
from musearoo.engines.styles.mix import MixStyle, check_mix
from musearoo.engines.styles.preset import Bpm, Fail, Milliseconds, Name, Preset


class TempoRange(Preset, frozen=True, kw_only=True):
    """The slowest, usual and fastest tempo of a style in beats per minute."""

    low: Bpm
    usual: Bpm
    high: Bpm


class SwingFeel(Preset, frozen=True, kw_only=True):
    """The swing ratio (on-beat to off-beat subdivision), and which subdivision swings."""

    ratio: Annotated[float, Meta(ge=1, le=MAX_RATIO)] = 1.0
    pair: Literal["eighths", "sixteenths"] = "eighths"

    @property
    def swing(self) -> Swing:
        """The swing as a music data type."""
        return Swing(self.ratio, 1.0 if self.pair == "eighths" else 0.5)


class Feel(Preset, frozen=True, kw_only=True):
    """The timing of a style's players in milliseconds; positive is behind the beat.

    `drift` is the slow deviation of the whole kit over several bars, `jitter` that of single strokes, both as standard
    deviations.
    """

    drift: Annotated[float, Meta(ge=0, le=40)] = 6
    jitter: Annotated[float, Meta(ge=0, le=30)] = 5
    kick: Milliseconds = 0
    snare: Milliseconds = 0
    cymbals: Milliseconds = 0
    bass: Milliseconds = 0


class Style(Preset, frozen=True, kw_only=True):
    """A style of music: a section per player, and the vamp they play when no chords are given.

    `based_on` is the name of the base style that supplied missing fields, "" without one. `meters` gives for a meter
    the beats of the written bar, counted from 1, that its pulses play; it overrides the general rule of
    `engines.styles.row_fitting`.
    """

    name: Name
    summary: Annotated[str, Meta(min_length=1, max_length=200)]
    based_on: str = ""
    aliases: tuple[Name, ...] = ()
    tempo: TempoRange
    swing: SwingFeel = SwingFeel()
    feel: Feel = Feel()
    meters: dict[str, tuple[Annotated[int, Meta(ge=1, le=4)], ...]] = msgspec.field(default_factory=dict)
    vamp: str
    drums: DrumStyle
    bass: BassStyle
    harmony: HarmonyStyle = HarmonyStyle()
    melody: MelodyStyle = MelodyStyle()
    form: FormStyle = FormStyle()
    mix: MixStyle = MixStyle()
    atmos: AtmosStyle = AtmosStyle()

    @property
    def vamp_chords(self) -> tuple[ChordSpan, ...]:
        """The vamp's chords, each one bar of 4/4 unless the vamp has bar lines."""
        return parse_progression(self.vamp)

    def written_beats(self, meter: Meter) -> tuple[int, ...] | None:
        """Return the written beats, counted from 0, that this style plays in a meter; None for the general rule."""
        beats = self.meters.get(str(meter))
        return None if beats is None else tuple(beat - 1 for beat in beats)


def check_style(style: Style, fail: Fail) -> None:
    """Report fields of a style that contradict each other."""
    tempo = style.tempo
    if not tempo.low <= tempo.usual <= tempo.high:
        fail("tempo", f"expected low <= usual <= high, got {tempo.low:g}, {tempo.usual:g}, {tempo.high:g}")
    for meter, beats in style.meters.items():
        try:
            pulses = len(Meter.parse(meter).pulses)
        except ParamError as error:
            fail(f"meters[{meter}]", str(error))
        if len(beats) != pulses:
            fail(f"meters[{meter}]", f"expected {pulses} written beats, one a pulse, got {len(beats)}")
    try:
        style.vamp_chords[0]
    except (ParamError, IndexError) as error:
        fail("vamp", f"expected at least one chord ({error})")
    check_drums(style.drums, fail)
    check_bass(style.bass, fail)
    check_harmony(style.harmony, fail)
    check_melody(style.melody, fail)
    check_form(style.form, fail)
    check_mix(style.mix, fail)
    check_atmos(style.atmos, fail)
