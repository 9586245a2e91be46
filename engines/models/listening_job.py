"""The job `listen`: the evidence of madmom's networks for a sound that the daemon sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.brainaroo.hearing.sound import Sound
from engines.models.listening import listen_deeply, read_networks

AnyArray = npt.NDArray[Any]
Report = Callable[[float, str], None]

_FIXED_BYTES = 300_000_000
"""What five minutes of sound take on their way through the networks."""

_BYTES_A_SAMPLE = 16
"""What stays for the whole length: the samples without DC, their mean, and a sum while that is made."""

_BYTES_A_SECOND = 12_000
"""Spectra of harmony, and the evidence."""


def run(
    params: Mapping[str, Any], arrays: Mapping[str, AnyArray], report: Report
) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """The evidence as arrays: beat, downbeat, onset, keys, chords (see engines.brainaroo.hearing.evidence).

    `params`: rate. `arrays`: samples, float32 (channels, frames).
    """
    evidence = listen_deeply(Sound.of(arrays["samples"], int(params["rate"])), report)
    beats, harmony = evidence.beats, evidence.harmony
    return {}, {
        "beat": beats.beat,
        "downbeat": beats.downbeat,
        "onset": beats.onset,
        "keys": harmony.keys,
        "chords": harmony.chords,
    }


def estimate_bytes(params: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> int:
    """How many bytes `run` takes beside its arrays."""
    samples = int(arrays["samples"].shape[-1])
    return _FIXED_BYTES + _BYTES_A_SAMPLE * samples + _BYTES_A_SECOND * samples // int(params["rate"])


def warm() -> None:
    """Reads the networks and hears a moment of silence, which imports and builds all that is made once."""
    read_networks()
    listen_deeply(Sound.of(np.zeros(4_410, dtype=np.float32), 44_100), _report_nothing)


def _report_nothing(*_: object) -> None:
    """Nobody watches."""
