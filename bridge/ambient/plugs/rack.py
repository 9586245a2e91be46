"""Plug-ins as the player has them: a process that is asked block by block, and left out once it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.ambient.plugs.host import EFFECTS, EVENT, HEADER, INSTRUMENT
from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.errors import EngineError

Block = npt.NDArray[np.float32]

LOADED_WITHIN: Final = 30.0
"""Seconds in which plug-ins must be loaded: some look for their licence, or their samples."""
ANSWERS_WITHIN: Final = 0.4
"""Seconds for one block: a card has a little more sound ahead."""


class PlugRack:
    """Effects on the whole, and instruments in the place of layers. Raises EngineError where one cannot be loaded.

    `tell` gets a sentence when they fail later: from then on the music goes on without them.
    """

    def __init__(
        self,
        effects: Sequence[str],
        instruments: Sequence[tuple[AmbientLayer, str]],
        rate: int,
        block: int,
        tell: Callable[[str], None],
    ) -> None:
        self.layers = tuple(layer for layer, _ in instruments)
        self.has_effects = bool(effects)
        self._block, self._tell = block, tell
        self._process = subprocess.Popen(
            [sys.executable, "-m", "musearoo.bridge.ambient.plugs.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        asked = {"rate": rate, "block": block, "effects": list(effects), "instruments": [p for _, p in instruments]}
        answer = self._ask(json.dumps(asked).encode() + b"\n", None, LOADED_WITHIN)
        error = "the plug-ins cannot be loaded: they end their process, or take too long."
        if answer is not None:
            error = json.loads(answer)["error"]
        if error:
            self.close()
            raise EngineError(error)

    @property
    def is_working(self) -> bool:
        """Whether it still plays along."""
        return self._process.poll() is None

    def process(self, sound: Block) -> Block:
        """Return a block through the effects, or as it is where they have failed."""
        made = self._make(HEADER.pack(EFFECTS, 0, 0) + np.ascontiguousarray(sound, "<f4").tobytes())
        return sound if made is None else made

    def play(self, layer: AmbientLayer, events: Sequence[tuple[int, bytes]]) -> Block:
        """Return the next block of the instrument of a layer, with MIDI messages at samples of it."""
        packed = b"".join(EVENT.pack(at, *data) for at, data in events)
        made = self._make(HEADER.pack(INSTRUMENT, self.layers.index(layer), len(events)) + packed)
        return np.zeros((2, self._block), np.float32) if made is None else made

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _make(self, request: bytes) -> Block | None:
        if not self.is_working:
            return None
        answer = self._ask(request, 8 * self._block, ANSWERS_WITHIN)
        if answer is None or len(answer) < 8 * self._block:
            self._process.kill()
            self._process.wait()
            self._tell("The plug-ins have failed, and the music goes on without them. Play it anew to load them again.")
            return None
        return np.frombuffer(answer, "<f4").reshape(2, self._block).astype(np.float32)

    def _ask(self, request: bytes, size: int | None, within: float) -> bytes | None:
        """Return what is answered: so many bytes, or a line; None where the process fails, or takes too long."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        # A plug-in that hangs is ended from beside: pipes have no time limit on every system.
        watch = threading.Timer(within, self._process.kill)
        watch.start()
        try:
            stdin.write(request)
            stdin.flush()
            return (stdout.readline() if size is None else stdout.read(size)) or None
        except OSError:
            return None
        finally:
            watch.cancel()
