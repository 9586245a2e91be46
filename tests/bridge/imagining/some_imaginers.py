"""A model that tries what surrounds models: it plays four on the floor at the tempo of its prompt, and remembers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.imagining import choice as imagine_choice
from musearoo.bridge.imagining.backends import GENERATOR_KINDS, GeneratorKind
from musearoo.bridge.imagining.model_takes import ModelTakeMaker
from musearoo.bridge.models.store import ModelStore
from musearoo.engines.audio.sound_model import FloatArray, Report, SoundRequest
from musearoo.engines.neural.cards.catalogue import explain_missing_packages
from musearoo.engines.neural.cards.description import ModelCard

RATE = 32_000
BLOCK = 4000

MUSICGEN = "musicgen-small"
MELODY = "musicgen-melody"


@dataclass
class DrumModel:
    """Kicks on every beat, the first of each bar louder, and hats between, with a chance of their own for each seed.

    It plays at the tempo that stands behind "bpm:" in its prompt, times `off`. `on_block` is called before each block.
    """

    channels: int = 2
    rate: int = RATE
    follows_melody: bool = True
    continues: bool = True
    off: float = 1.0
    on_block: Callable[[int], object] = lambda _number: None
    notes: tuple[str, ...] = ()
    imagine_requests: list[SoundRequest] = field(default_factory=list)

    def imagine(self, imagine_request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        self.imagine_requests.append(imagine_request)
        frames = round(imagine_request.seconds * self.rate)
        sound = play_drums(
            frames, self.rate, self.off * _tempo_of(imagine_request.prompt), imagine_request.seed, self.channels
        )
        for number, start in enumerate(range(0, frames, BLOCK)):
            report(start / frames, f"{start / self.rate:.1f} of {imagine_request.seconds:.1f} s")
            self.on_block(number)
            yield sound[:, start : start + BLOCK]


def play_drums(frames: int, rate: int, bpm: float, seed: int, channels: int = 2) -> FloatArray:
    """Drums in four, float32 (channels, frames), the first beat at the first sample."""
    chance = np.random.default_rng(seed)
    sound = np.zeros(frames + rate, np.float32)
    times = np.arange(rate // 5) / rate
    kick = np.sin(2 * np.pi * (50 * times + 4 * (1 - np.exp(-times * 30)))) * np.exp(-times * 18)
    hat = chance.standard_normal(times.size) * np.exp(-times * 90)
    snare = (chance.standard_normal(times.size) + np.sin(2 * np.pi * 190 * times)) * np.exp(-times * 25)
    beat = 60.0 / bpm
    for number in range(int(frames / rate / beat * 2) + 1):
        at = round(number * beat / 2 * rate)
        struck = hat * 0.1
        if number % 2 == 0:
            struck = struck + (kick * (0.8 if number % 8 == 0 else 0.6) if number % 4 == 0 else snare * 0.4)
        sound[at : at + times.size] += struck.astype(np.float32)
    return np.repeat(0.5 * sound[np.newaxis, :frames], channels, axis=0)


def _tempo_of(prompt: str) -> float:
    found = re.search(r"bpm: ?(\d+(?:\.\d+)?)", prompt, re.IGNORECASE)
    return float(found[1]) if found else 120.0


class SomeStore(ModelStore):
    """A store in which some models lie, without being anywhere."""

    def __init__(self, folder: Path, *names: str) -> None:
        super().__init__(folder)
        self.names = set(names)

    def find(self, name: str) -> Path | None:
        return self.place(name) if name in self.names else None

    def find_needed(self, name: str) -> dict[str, Path]:
        return {"t5-base": self.place("t5-base")} if name in self.names else {}

    def identify(self, name: str) -> str:
        return f"files of {name}"


def put_in_place_of_musicgen(monkeypatch: pytest.MonkeyPatch, model: DrumModel) -> None:
    """Has jobs of the kind `imagine` in this process use a model for the backend musicgen, whatever is installed."""
    kind = GeneratorKind(
        lambda job, _report: ModelTakeMaker(job.request, model, "cpu", "full"),
        lambda _job: 0,
        lambda: None,
        can_shrink=True,
    )
    monkeypatch.setitem(GENERATOR_KINDS, "musicgen", kind)
    pretend_installed(monkeypatch)


def pretend_installed(monkeypatch: pytest.MonkeyPatch, family: str = "musicgen") -> None:
    """Has the packages of a family of models be there."""
    monkeypatch.setattr(imagine_choice, "explain_missing_packages", partial(_explain, family))


def _explain(family: str, card: ModelCard) -> str:
    return "" if card.family == family else explain_missing_packages(card)
