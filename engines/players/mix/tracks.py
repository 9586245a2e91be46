"""Data types of a mix: the tracks as input, and the planned moves as output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from musearoo.engines.errors import require_between
from musearoo.engines.music.knowledge.analysis import Band, Character
from musearoo.engines.music.knowledge.context import Role

Control = Literal["volume", "panning", "sends", "devices"]
"""The controls that can be pinned or automated."""
Measured = Literal["audio", "rendered"]
"""Whether a track's loudness was measured on its audio, or on its notes rendered by our synthesiser."""


@dataclass(frozen=True, slots=True)
class TrackSound:
    """A track's sound before its fader: loudness (LUFS), true peak (dBFS), band levels below the whole, stereo width
    0..1, and its lowest MIDI pitch, as far as known."""

    lufs: float
    peak_db: float
    bands: tuple[Band, ...] = ()
    width: float = 0.0
    lowest_pitch: int | None = None
    measured: Measured = "audio"

    @classmethod
    def of(cls, character: Character, measured: Measured = "audio") -> TrackSound | None:
        """Return the sound of an analyzed clip; None for silence or clips too short to have a loudness."""
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
    """A device on a track: its id in Live, its class name ("Eq8" is EQ Eight), and parameters by name."""

    id: int
    class_name: str
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MixTrack:
    """A track in the mixer: volume and sends 0..1 as in Live, pan -1..1.

    `sections` are the loudness of each section before the fader (None: silent). Controls in `pinned` or `automated` are
    not moved.
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
        """Return whether a control is neither pinned nor automated."""
        return control not in self.pinned and control not in self.automated


@dataclass(frozen=True, slots=True)
class MixerMove:
    """A move of a fader, pan or send from `old` to `new`, in Live's values; `send` is the return's index."""

    track: int
    control: Literal["volume", "panning", "send"]
    old: float
    new: float
    why: str
    send: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceMove:
    """A change of a stock device's parameter: `value` in `unit` as Live shows it, `raw` for Live's API.

    `device` is its id, or None for a device still to be added (moves of one track then share it); `old` is the current
    raw value, if known. Raw values of frequency and Q come from users' measurements, so read Live's `str_for_value`
    back.
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
