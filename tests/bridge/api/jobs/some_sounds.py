"""Sounds for tests of uploads and jobs: a loop with kick, backbeat and a chord a bar."""

from __future__ import annotations

import io
import time
from functools import lru_cache
from typing import Any

import httpx2 as httpx
import numpy as np
import soundfile

RATE = 22_050
CHORDS = ((220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (261.63, 329.63, 392.0), (196.0, 246.94, 293.66))
"""A minor, F, C and G."""
WAV = {"content-type": "audio/wav"}


@lru_cache
def loop(bpm: float = 100.0, bars: int = 4, seed: int = 1) -> bytes:
    """A WAV file of whole bars; `seed` makes another file that sounds the same."""
    beat = 60.0 / bpm
    samples = round(RATE * beat * 4 * bars)
    times = np.arange(samples) / RATE
    sound = np.random.default_rng(seed).standard_normal(samples) * 1e-3
    for number in range(4 * bars):
        at = round(number * beat * RATE)
        length = min(2000, samples - at)
        decay = np.exp(-np.arange(length) / 400)
        sound[at : at + length] += 0.8 * decay * np.sin(2 * np.pi * 60 * np.arange(length) / RATE)
        if number % 2:
            sound[at : at + length] += 0.3 * decay * np.random.default_rng(number).standard_normal(length)
    for bar in range(bars):
        first, last = bar * samples // bars, (bar + 1) * samples // bars
        for pitch in CHORDS[bar % 4]:
            sound[first:last] += 0.08 * np.sin(2 * np.pi * pitch * times[first:last])
    return encode(0.8 * sound / np.abs(sound).max())


@lru_cache
def long_noise(seconds: float = 90.0) -> bytes:
    """A WAV file that takes seconds to split."""
    return encode(np.random.default_rng(3).standard_normal((round(seconds * RATE), 2)) * 0.1)


def encode(sound: Any) -> bytes:
    """A sound as a WAV file."""
    file = io.BytesIO()
    soundfile.write(file, sound.astype("float32"), RATE, format="WAV")
    return file.getvalue()


def new_session(client: httpx.Client, **fields: Any) -> str:
    """The id of a new session."""
    made: str = client.post("/sessions", json={"bpm": 100, **fields}).raise_for_status().json()["id"]
    return made


def place(client: httpx.Client, session: str, data: bytes, **query: Any) -> dict[str, Any]:
    """Upload a file as a clip of a session's set."""
    answer = client.post(
        f"/sessions/{session}/analyze", params={"place": True, **query}, content=data, headers=WAV
    ).raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def begin(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    """Begin a job."""
    answer = client.post(path, json=body)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v3/jobs/{job['id']}"
    return job


def finish(client: httpx.Client, job: dict[str, Any], seconds: float = 30.0) -> dict[str, Any]:
    """Wait for a job's end."""
    ended: dict[str, Any] = client.get(f"/jobs/{job['id']}", params={"wait": seconds}).raise_for_status().json()
    assert ended["ended"] is not None, ended
    return ended


def wait_until(client: httpx.Client, job: dict[str, Any], phase: str, seconds: float = 20.0) -> dict[str, Any]:
    """Poll a job until it is in a phase."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state: dict[str, Any] = client.get(f"/jobs/{job['id']}").raise_for_status().json()
        if state["phase"] == phase:
            return state
        assert state["ended"] is None, state
        time.sleep(0.02)
    raise AssertionError(f"the job did not come to {phase}: {state}")


def clips(client: httpx.Client, session: str) -> list[dict[str, Any]]:
    """The clips of a session's set."""
    found: list[dict[str, Any]] = client.get(f"/sessions/{session}/set").raise_for_status().json()["clips"]
    return found
