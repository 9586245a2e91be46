"""How the layers of a preset of endless music sound: data for the synthesiser in `engines.audio.endless`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta

from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.styles.preset import Preset, Share

Seconds = Annotated[float, Meta(ge=0, le=20)]
Wave = Literal["sine", "soft", "warm", "hollow", "reed", "voice", "bright"]


class Sound(Preset, frozen=True, kw_only=True):
    """One layer's sound.

    `decay` 0 holds a tone until it ends; `detune` is in cents between its two oscillators; `wide` spreads pitches over
    the stereo image; `strike` adds the inharmonic partials of a struck bar. `chorus`, `echo` and `room` are sends.
    """

    wave: Wave = "soft"
    level: Annotated[float, Meta(ge=-40, le=12, description="dB")] = 0.0
    attack: Seconds = 0.01
    decay: Seconds = 0.0
    release: Seconds = 0.5
    detune: Annotated[float, Meta(ge=0, le=40)] = 6.0
    wide: Share = 0.5
    strike: Share = 0.0
    octave: Annotated[float, Meta(ge=0, le=1, description="share of the octave above")] = 0.0
    chorus: Share = 0.0
    echo: Share = 0.0
    room: Share = 0.5


USUAL: Final[Mapping[AmbientLayer, Sound]] = {
    "drone": Sound(wave="warm", level=-4, attack=3.0, release=4.0, detune=5, wide=0.2, chorus=0.3, room=0.35),
    "pad": Sound(wave="warm", level=-3, attack=1.6, release=3.0, detune=9, wide=0.8, chorus=0.7, room=0.5),
    "swells": Sound(wave="voice", level=-6, attack=3.0, release=3.5, detune=8, wide=0.9, chorus=0.6, room=0.7),
    "melody": Sound(wave="soft", level=-2, attack=0.06, release=0.9, detune=4, wide=0.3, echo=0.35, room=0.5),
    "bells": Sound(
        wave="sine", level=-5, attack=0.004, decay=1.6, release=1.2, wide=0.9, strike=0.5, echo=0.4, room=0.6
    ),
    "texture": Sound(wave="hollow", level=-5, attack=0.006, decay=0.5, release=0.4, wide=0.7, echo=0.25, room=0.4),
    "percussion": Sound(level=-2, wide=0.4, echo=0.1, room=0.3),
    "grains": Sound(level=-4, attack=0.8, release=1.5, wide=1.0, echo=0.2, room=0.7),
}


class Sounds(Preset, frozen=True, kw_only=True):
    """The sounds of a preset; layers that are not named sound as `USUAL` has them.

    `room` is its reverberation time; `echo` the time of the delay in beats, `feedback` what comes back of it; `noise`
    a bed of noise, from dark to bright by `noise_colour`; `wow` the slow waver of a worn tape.
    """

    room: Annotated[float, Meta(ge=0.5, le=8)] = 4.0
    echo: Annotated[float, Meta(ge=0.25, le=4)] = 0.75
    feedback: Annotated[float, Meta(ge=0, le=0.8)] = 0.4
    noise: Share = 0.0
    noise_colour: Share = 0.5
    wow: Share = 0.0
    layers: Mapping[AmbientLayer, Sound] = {}

    def of(self, layer: AmbientLayer) -> Sound:
        """Return the sound of a layer."""
        return self.layers.get(layer, USUAL[layer])
