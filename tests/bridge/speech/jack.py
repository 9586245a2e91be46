"""A microphone in a JACK server that somebody speaks into: a real PortAudio device."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path
from types import TracebackType

import numpy as np
import pytest
import soundfile

from musearoo.tools.bench.midi.jack import RATE, is_installed

needs_jack = pytest.mark.skipif(
    not is_installed() or not ctypes.util.find_library("jack"), reason="needs Linux and jackd"
)

_OUTPUT, _EXACT_NAME, _NO_START = 2, 4, 1
_AUDIO = b"32 bit float mono audio"
_PROCESS = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)


class JackMicrophone:
    """A client of a JACK server that PortAudio lists as a device with `channels` inputs.

    A hiss 80 dB below full scale is on it, as on any real one, unless it is muted.
    """

    def __init__(self, name: str, channels: int = 1, is_muted: bool = False) -> None:
        self._library = _load_jack()
        self._client: int | None = _open_client(self._library, name)
        self._ports = [
            self._library.jack_port_register(self._client, f"input_{n + 1}".encode(), _AUDIO, _OUTPUT, 0)
            for n in range(channels)
        ]
        self._hiss = 0.0 if is_muted else 1e-4
        self._chance = np.random.default_rng(1)
        self._said = np.zeros(0, np.float32)
        self._place = 0
        # Kept, for the library has nothing but its address.
        self._callback = _PROCESS(self._process)
        self._library.jack_set_process_callback(self._client, self._callback, None)
        self._library.jack_activate(self._client)

    def __enter__(self) -> JackMicrophone:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def say(self, path: Path) -> float:
        """Has a recording spoken into it from now on: its seconds."""
        samples, rate = soundfile.read(path, dtype="float32")
        times = np.arange(int(len(samples) * RATE / rate)) * rate / RATE
        self._place, self._said = 0, np.interp(times, np.arange(len(samples)), samples).astype(np.float32)
        return len(samples) / float(rate)

    def close(self) -> None:
        if self._client:
            self._library.jack_client_close(self._client)
            self._client = None

    def _process(self, frames: int, _: object) -> int:
        part = self._said[self._place : self._place + frames]
        self._place += frames
        sound = self._hiss * self._chance.standard_normal(frames, np.float32)
        sound[: len(part)] += part
        # A voice is on the last input alone, as on an interface whose microphone is in its second.
        for port in self._ports:
            buffer = ctypes.cast(self._library.jack_port_get_buffer(port, frames), ctypes.POINTER(ctypes.c_float))
            np.ctypeslib.as_array(buffer, (frames,))[:] = sound if port == self._ports[-1] else 0.0
        return 0


def _load_jack() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("jack"))
    pointer, unsigned = ctypes.c_void_p, ctypes.c_ulong
    library.jack_client_open.restype = pointer
    library.jack_port_register.restype = pointer
    library.jack_port_register.argtypes = [pointer, ctypes.c_char_p, ctypes.c_char_p, unsigned, unsigned]
    library.jack_port_get_buffer.restype = pointer
    library.jack_port_get_buffer.argtypes = [pointer, ctypes.c_uint32]
    library.jack_set_process_callback.argtypes = [pointer, _PROCESS, pointer]
    library.jack_activate.argtypes = [pointer]
    library.jack_client_close.argtypes = [pointer]
    return library


def _open_client(library: ctypes.CDLL, name: str) -> int:
    status = ctypes.c_int(0)
    client: int | None = library.jack_client_open(name.encode(), _NO_START, ctypes.byref(status))
    assert client, f"no JACK client, status {status.value}"
    return client
