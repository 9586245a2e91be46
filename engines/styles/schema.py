"""A style: what is true of all its players, and a section for each of them."""

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
    """Beats a minute: the slowest, the usual and the fastest at which the style is itself."""

    low: Bpm
    usual: Bpm
    high: Bpm


class SwingFeel(Preset, frozen=True, kw_only=True):
    """How long the on-beat subdivision is against the off-beat one, and which subdivision that is."""

    ratio: Annotated[float, Meta(ge=1, le=MAX_RATIO)] = 1.0
    pair: Literal["eighths", "sixteenths"] = "eighths"

    @property
    def swing(self) -> Swing:
        """The same as music data."""
        return Swing(self.ratio, 1.0 if self.pair == "eighths" else 0.5)


class Feel(Preset, frozen=True, kw_only=True):
    """Time as the style's players keep it, in milliseconds; positive is behind the beat.

    `drift` is how far the whole kit wanders over some bars, `jitter` how far single strokes scatter, both as standard
    deviations.
    """

    drift: Annotated[float, Meta(ge=0, le=40)] = 6
    jitter: Annotated[float, Meta(ge=0, le=30)] = 5
    kick: Milliseconds = 0
    snare: Milliseconds = 0
    cymbals: Milliseconds = 0
    bass: Milliseconds = 0


class Style(Preset, frozen=True, kw_only=True):
    """A style of music: what its players do, and the chords they jam on when nobody gives them any.

    `based_on` is the name of the style that gave it all that its own files leave out; "" where there is none.
    `meters` says for a meter which beats of the written bar, counted from 1, its pulses play, where the general rule
    of `engines.styles.row_fitting` does not suit the style.
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
        """The style's own chords, a bar of 4/4 each or as the bar lines say."""
        return parse_progression(self.vamp)

    def written_beats(self, meter: Meter) -> tuple[int, ...] | None:
        """The written beats, counted from 0, that this style plays in a meter; None leaves it to the rule."""
        beats = self.meters.get(str(meter))
        return None if beats is None else tuple(beat - 1 for beat in beats)


def check_style(style: Style, fail: Fail) -> None:
    """Fails where fields of a style contradict each other."""
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
