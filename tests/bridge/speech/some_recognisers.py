"""Recognisers for the listener's tests, which name them as module:function; some misbehave."""

from __future__ import annotations

import os
import threading
import time
from array import array
from pathlib import Path

from musearoo.bridge.speech.recognition.recogniser import Recognised, Recogniser, RecogniserError
from musearoo.bridge.speech.sound.format import RATE


class Measuring:
    """Understands how long and how loud a sound was: "1.5 seconds, peak 12000"."""

    def __init__(self) -> None:
        self._sound = b""
        self.is_closed = False

    def begin(self) -> None:
        self._sound = b""

    def feed(self, samples: bytes) -> None:
        self._sound += samples

    def partial(self) -> str:
        return self._describe()

    def end(self) -> Recognised:
        return Recognised(self._describe(), 0.75)

    def close(self) -> None:
        self.is_closed = True

    def _describe(self) -> str:
        peak = max(map(abs, array("h", self._sound)), default=0)
        return f"{len(self._sound) / 2 / RATE:.1f} seconds, peak {peak}"


class _Dying(Measuring):
    def feed(self, samples: bytes) -> None:
        os._exit(3)


class _Freezing(Measuring):
    def end(self) -> Recognised:
        threading.Event().wait()
        raise AssertionError


class _Slow(Measuring):
    """Takes twice as long as the sound."""

    def feed(self, samples: bytes) -> None:
        super().feed(samples)
        time.sleep(len(samples) / RATE)


class _Failing(Measuring):
    def feed(self, samples: bytes) -> None:
        raise ZeroDivisionError("a bug")


def open_measuring(_: Path | None = None) -> Recogniser:
    return Measuring()


def open_dying(_: Path | None = None) -> Recogniser:
    return _Dying()


def open_freezing(_: Path | None = None) -> Recogniser:
    return _Freezing()


def open_late(_: Path | None = None) -> Recogniser:
    """Takes longer to load than a sentence to say."""
    time.sleep(2.5)
    return Measuring()


def open_slow(_: Path | None = None) -> Recogniser:
    return _Slow()


def open_failing(_: Path | None = None) -> Recogniser:
    return _Failing()


def open_missing(_: Path | None = None) -> Recogniser:
    raise RecogniserError("pocketsphinx is not installed. Run: …")


def open_broken(_: Path | None = None) -> Recogniser:
    raise ZeroDivisionError("a bug")


def open_real(home: Path | None = None) -> Recogniser:
    """MuseAroo's own, with the full grammar."""
    from musearoo.bridge.speech.recognition.opening import open_default

    return open_default(home)
