"""Another program that takes the sound: raw samples on its stdin, at its own pace.

Such as one that sends by Link Audio to Live 12.4, which is GPL and the user's own to install; or aplay, or ffmpeg. What
it is told stands in its environment: MUSEAROO_RATE, MUSEAROO_CHANNELS, MUSEAROO_BPM.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.endless.synth import RATE

Block = npt.NDArray[np.float32]

TRIED_EVERY: Final = 2.0
"""Seconds from one try to start it to the next."""
PIPED: Final = 65_536 / (4.0 * RATE)
"""Seconds of sound that a pipe holds on most systems."""


class Program:
    """Plays blocks to a program, with the face of `Card`: as many are rendered as it takes."""

    def __init__(self, command: Sequence[str], bpm: float) -> None:
        self._command = list(command)
        self._environment = {"MUSEAROO_RATE": str(RATE), "MUSEAROO_CHANNELS": "2", "MUSEAROO_BPM": f"{bpm:g}"}
        self._blocks: queue.SimpleQueue[Block | None] = queue.SimpleQueue()
        self._queued = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._tried = -TRIED_EVERY
        self.underruns = 0
        self.sentence = ""
        """Why nothing is heard; "" while it takes sound."""

    @property
    def ahead(self) -> float:
        """Seconds of sound that wait, without what is in the pipe."""
        return self._queued / RATE

    @property
    def latency(self) -> float:
        """Seconds from here to the program, at most."""
        return PIPED

    def put(self, block: Block) -> None:
        """Queue a block: float32 (2, samples)."""
        with self._lock:
            self._queued += block.shape[1]
        self._blocks.put(block)

    def keep_open(self) -> str:
        """Start the program if it does not run. Returns a sentence when something has changed, else ""."""
        if self._process is not None:
            if self._process.poll() is None:
                return ""
            self._end()
            self.sentence = f"{self._command[0]} has ended: the music waits, and goes on as soon as it runs again."
            return self.sentence
        now = time.monotonic()
        if now - self._tried < TRIED_EVERY:
            return ""
        self._tried = now
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **self._environment},
            )
        except OSError as error:
            before, self.sentence = self.sentence, f"{self._command[0]} cannot be started: {error.strerror or error}."
            return self.sentence if self.sentence != before else ""
        threading.Thread(target=self._write, args=(self._process,), name="to the program", daemon=True).start()
        before, self.sentence = self.sentence, ""
        return f"{self._command[0]} runs again." if before else ""

    def close(self) -> None:
        """End the program, after what waits."""
        self._blocks.put(None)
        process = self._process
        if process is not None:
            try:
                process.wait(2.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._process = None

    def _end(self) -> None:
        """Forget a program that has ended, and what it was to get."""
        self._process = None
        self._blocks.put(None)
        self._blocks = queue.SimpleQueue()
        with self._lock:
            self._queued = 0

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        """Write blocks until there are no more, or the program has gone."""
        stdin, blocks = process.stdin, self._blocks
        if stdin is None:
            return
        try:
            while (block := blocks.get()) is not None:
                stdin.write((np.clip(block.T, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
                stdin.flush()
                with self._lock:
                    if blocks is self._blocks:
                        self._queued = max(0, self._queued - block.shape[1])
            stdin.close()
        except OSError:
            # It has ended: the next look finds that.
            return
