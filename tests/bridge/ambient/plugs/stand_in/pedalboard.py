"""A stand-in for pedalboard, which is GPL-3 and not in our tests' locks: its calls, and plug-ins that do little.

`*.vst3` files of the tests hold one word: gain (an effect), late (an effect with a delay), tone (an instrument), hang,
crash.
"""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np


class Plugin:
    """What all plug-ins are."""

    is_instrument = False


class Chorus(Plugin):
    """One of pedalboard's own effects."""

    def process(self, sound: Any) -> Any:
        return 0.5 * sound


class _File(Plugin):
    def __init__(self, word: str) -> None:
        self._word, self._calls = word, 0
        self.is_instrument = word == "tone"

    def process(self, sound: Any) -> Any:
        self._calls += 1
        if self._word == "hang" and self._calls > 3:
            time.sleep(60)
        if self._word == "crash" and self._calls > 3:
            os._exit(1)
        if self._word == "late" and self._calls == 2:
            # The first block after the warm-up lacks what comes later.
            return sound[:, 500:]
        return 0.5 * sound

    def __call__(self, messages: Any, *, duration: float, sample_rate: float, num_channels: int, **_: Any) -> Any:
        """Return a click at each note on, as loud as its velocity."""
        made = np.zeros((num_channels, round(duration * sample_rate)), np.float32)
        for data, seconds in messages:
            if data[0] == 0x90:
                made[:, round(seconds * sample_rate)] = data[2] / 127
        return made


class Pedalboard:
    """A chain of effects."""

    def __init__(self, plugins: list[Any]) -> None:
        self._plugins = plugins

    def __call__(self, sound: Any, _rate: float, *, buffer_size: int, reset: bool) -> Any:
        for each in self._plugins:
            sound = each.process(sound)
        return sound

    def reset(self) -> None:
        pass


def load_plugin(path: str) -> Plugin:
    word = Path(path).read_text(encoding="utf-8")
    if word == "broken":
        raise ImportError("it is for another machine")
    return _File(word)
