"""The program that holds plug-ins: `python -m musearoo.bridge.ambient.plugs.host`. Blocks of sound in, blocks out.

The first line on stdin is JSON: `rate`, `block`, `effects` (paths or names of pedalboard's own) and `instruments`
(paths by layer); answered by a line of JSON with `error`, "" for none. After it come requests: `HEADER`, so many
`EVENT`s, and for effects a block; each is answered by a block, float32 (2, block). It ends with its stdin.
"""

from __future__ import annotations

import json
import os
import sys
from struct import Struct
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

HEADER: Final = Struct("<BBH")
"""What is asked (`EFFECTS` or `INSTRUMENT`), the instrument's number, and how many events follow."""
EVENT: Final = Struct("<IBBB")
"""A MIDI message: the sample of the block at which it comes, status, two data bytes."""
EFFECTS, INSTRUMENT = 0, 1
MISSING: Final = "pedalboard is not installed: pip install 'musearoo[pedalboard]' (it is GPL-3)."

Block = npt.NDArray[np.float32]


class Rack:
    """Plug-ins that are loaded. Raises ValueError with a sentence for one that cannot be."""

    def __init__(self, rate: int, block: int, effects: list[str], instruments: list[str]) -> None:
        try:
            import pedalboard
        except ImportError as error:
            raise ValueError(MISSING) from error
        self._rate, self._block = rate, block
        self._board: Any = pedalboard.Pedalboard([_load(pedalboard, name, False) for name in effects])
        self._instruments = [_load(pedalboard, name, True) for name in instruments]
        self._ahead = np.zeros((2, 0), np.float32)
        # The first block takes long; none of it is heard.
        self._board(np.zeros((2, block), np.float32), rate, buffer_size=block, reset=True)
        self._board.reset()
        for number in range(len(self._instruments)):
            self.play(number, [])

    def process(self, sound: Block) -> Block:
        """Return a block through the effects; what an effect is late by is silence at the beginning."""
        made = np.asarray(self._board(sound, self._rate, buffer_size=self._block, reset=False), np.float32)
        self._ahead = np.concatenate((self._ahead, made), axis=1)
        given = self._ahead[:, : self._block]
        self._ahead = self._ahead[:, self._block :]
        lacks = self._block - given.shape[1]
        return np.concatenate((np.zeros((2, lacks), np.float32), given), axis=1) if lacks else given

    def play(self, number: int, events: list[tuple[int, bytes]]) -> Block:
        """Return the next block of an instrument, with MIDI messages at samples of it."""
        messages = [(data, at / self._rate) for at, data in events]
        made = self._instruments[number](
            messages,
            duration=self._block / self._rate,
            sample_rate=self._rate,
            num_channels=2,
            buffer_size=self._block,
            reset=False,
        )
        sound = np.asarray(made, np.float32)[:, : self._block]
        return np.pad(sound, ((0, 0), (0, self._block - sound.shape[1])))


def _load(pedalboard: Any, name: str, is_instrument: bool) -> Any:
    """Return a plug-in by its path, or one of pedalboard's own effects by its name."""
    if not os.path.exists(name):
        own = getattr(pedalboard, name, None)
        if isinstance(own, type) and issubclass(own, pedalboard.Plugin) and not is_instrument:
            return own()
        raise ValueError(f"There is no plug-in at {name}: give the path of a VST3 or an Audio Unit.")
    try:
        plugin = pedalboard.load_plugin(name)
    except Exception as error:
        # Whatever a plug-in or its loader raises.
        raise ValueError(f"{name} cannot be loaded: {error}") from error
    if bool(getattr(plugin, "is_instrument", False)) != is_instrument:
        kind = "an effect" if is_instrument else "an instrument"
        raise ValueError(f"{name} is {kind}: name it as such.")
    return plugin


def serve(source: BinaryIO, sink: BinaryIO) -> int:
    """Serve requests until the source ends."""
    asked = json.loads(source.readline())
    block = int(asked["block"])
    try:
        rack = Rack(int(asked["rate"]), block, list(asked["effects"]), list(asked["instruments"]))
    except ValueError as error:
        _say(sink, str(error))
        return 1
    _say(sink, "")
    while header := source.read(HEADER.size):
        kind, number, count = HEADER.unpack(header)
        if kind == EFFECTS:
            sound = np.frombuffer(source.read(8 * block), "<f4").reshape(2, block)
            made = rack.process(sound.astype(np.float32))
        else:
            events = [EVENT.unpack(source.read(EVENT.size)) for _ in range(count)]
            made = rack.play(number, [(at, bytes(data)) for at, *data in events])
        sink.write(np.ascontiguousarray(made, "<f4").tobytes())
        sink.flush()
    return 0


def _say(sink: BinaryIO, error: str) -> None:
    sink.write(json.dumps({"error": error}).encode() + b"\n")
    sink.flush()


if __name__ == "__main__":
    # What a plug-in prints must not come between the blocks.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.exit(serve(sys.stdin.buffer, out))
