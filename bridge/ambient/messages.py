"""What the player process and its owner send each other: plain data, pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The server reads these messages, too, and needs no synthesiser.
    from musearoo.engines.ambient.phrase import AmbientLayer
    from musearoo.engines.ambient.steering import Steering
    from musearoo.engines.audio.endless.ambience import Bookmark
    from musearoo.engines.music.knowledge.context import MusicalContext


@dataclass(frozen=True, slots=True)
class NeuralModel:
    """A MusicGen model: its name, a version that names its weights, and its folders by name."""

    name: str
    version: str
    weights: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerOptions:
    """What plays: its seed and steering, a log, and where it sounds.

    That is a card ("" the system's own) or a program, which takes raw samples on its stdin; with neither, blocks are
    asked for.

    `source` is a file that grains are taken from; `effects` and `instruments` (by layer) are plug-ins of the user's.
    With a `model` that plays; the set of a `context` is followed; with a `bookmark` it goes on from there.
    """

    seed: int
    steering: Steering
    log: str
    card: str | None = None
    program: tuple[str, ...] = ()
    source: str = ""
    effects: tuple[str, ...] = ()
    instruments: tuple[tuple[AmbientLayer, str], ...] = ()
    model: NeuralModel | None = None
    context: MusicalContext | None = None
    bookmark: Bookmark | None = None


@dataclass(frozen=True, slots=True)
class Steer:
    """Follow other wishes."""

    steering: Steering


@dataclass(frozen=True, slots=True)
class FollowSet:
    """Follow a set's key, tempo and chords; None: no more."""

    context: MusicalContext | None


@dataclass(frozen=True, slots=True)
class FadeOut:
    """Fade out; then the process ends."""


@dataclass(frozen=True, slots=True)
class Want:
    """Render blocks up to a sample, where no card asks for them; answered by `Sound` for each."""

    until: int


@dataclass(frozen=True, slots=True)
class Sound:
    """A block from a sample on: 16 bits, little-endian, left and right in turn."""

    at: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """How it goes, four times a second: what sounds now and is to come, levels, and what went wrong.

    `chords` have the second from now at which each begins; `heard_after` is the seconds from the last steering to its
    sound, 0 before any; `steered` how many of them have been heard.
    """

    at: int
    preset: str
    key: str
    bpm: float
    layers: tuple[tuple[str, int], ...]
    """The layers of the phrase that sounds, and how many notes each has."""
    chords: tuple[tuple[float, str], ...]
    level_db: float
    voices: int
    underruns: int
    ahead: float
    heard_after: float
    steered: int
    bookmark: Bookmark


@dataclass(frozen=True, slots=True)
class Trouble:
    """What does not work, and what to do about it: one sentence. The music goes on as soon as it can.

    With `restarts` the process ends, and another one is to go on.
    """

    sentence: str
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """It has faded out."""


ToPlayer = Steer | FollowSet | FadeOut | Want
FromPlayer = Sound | Playing | Trouble | Over
