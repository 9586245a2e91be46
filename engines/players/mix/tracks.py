"""What the mix engineer is told of each track, and the moves that come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from musearoo.engines.errors import require_between
from musearoo.engines.music.knowledge.analysis import Band, Character
from musearoo.engines.music.knowledge.context import Role

Control = Literal["volume", "panning", "sends", "devices"]
"""What can be pinned, or be automated."""
Measured = Literal["audio", "rendered"]
"""Whether a track's loudness is that of its own audio, or of its notes as our synthesiser plays them."""


@dataclass(frozen=True, slots=True)
class TrackSound:
    """How a track sounds before its fader: loudness (LUFS), true peak (dBFS), the level of each band below its whole,
    stereo width 0..1, and the lowest MIDI pitch that carries it, where these are known.
    """

    lufs: float
    peak_db: float
    bands: tuple[Band, ...] = ()
    width: float = 0.0
    lowest_pitch: int | None = None
    measured: Measured = "audio"

    @classmethod
    def of(cls, character: Character, measured: Measured = "audio") -> TrackSound | None:
        """The sound of an analysed clip; None for what is silent or too short to have a loudness."""
        loudness = character.loudness
        if loudness is None or loudness.lufs is None:
            return None
        register = character.register
        return cls(
            lufs=loudness.lufs,
            peak_db=loudness.true_peak_db,
            bands=character.bands,
            width=0.0 if character.stereo is None else character.stereo.width,
            lowest_pitch=None if register.value is None or register.confidence < 0.3 else register.value[0],
            measured=measured,
        )


@dataclass(frozen=True, slots=True)
class MixDevice:
    """A device that is on a track: Live's id of it, its class name ("Eq8" is EQ Eight), and parameters by name."""

    id: int
    class_name: str
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MixTrack:
    """A track as it stands in the mixer: volume and sends 0..1 as Live has them, pan -1..1.

    `sections` are the loudness of each section of the song before the fader (None: silent there). What is in `pinned`
    or `automated` is not touched.
    """

    id: int
    name: str
    role: Role
    volume: float = 0.85
    pan: float = 0.0
    sends: tuple[float, ...] = ()
    sound: TrackSound | None = None
    sections: tuple[tuple[str, float | None], ...] = ()
    pinned: frozenset[Control] = frozenset()
    automated: frozenset[Control] = frozenset()
    devices: tuple[MixDevice, ...] = ()

    def __post_init__(self) -> None:
        require_between("volume", self.volume, 0.0, 1.0)
        require_between("pan", self.pan, -1.0, 1.0)
        for send in self.sends:
            require_between("send", send, 0.0, 1.0)

    def may_move(self, control: Control) -> bool:
        """Whether a control is free: neither pinned by the user nor automated."""
        return control not in self.pinned and control not in self.automated


@dataclass(frozen=True, slots=True)
class MixerMove:
    """A fader, pan or send that moves from `old` to `new`, in Live's own values; `send` is the return's index."""

    track: int
    control: Literal["volume", "panning", "send"]
    old: float
    new: float
    why: str
    send: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceMove:
    """A parameter of a stock device: `value` in `unit` as Live shows it, `raw` what Live's API takes for it.

    `device` is its id, None where the device has yet to be put on the track (moves of one track then share a new one);
    `old` is the raw value that it has, where that is known. Raw values of frequency and Q are what users measured, so
    read Live's `str_for_value` back before relying on them.
    """

    track: int
    device: int | None
    device_name: str
    parameter: str
    value: float
    unit: str
    raw: float
    old: float | None
    why: str


Move = MixerMove | DeviceMove
