"""The table of job kinds. Functions are given by name, so that nothing heavy is imported before its use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: `run` is the `module:function` that performs it.

    `need` is the `module:function` that estimates its bytes of memory from params and arrays; "" for little. `shrink`
    is the one that returns params for a retry with less memory, or None if there are none; "" retries with the same
    ones.
    """

    run: str
    need: str = ""
    shrink: str = ""


JOB_KINDS: Final[Mapping[str, JobKind]] = MappingProxyType(
    {
        "hear": JobKind(
            "musearoo.bridge.analysis.deep_job:run", need="musearoo.bridge.analysis.deep_job:estimate_bytes"
        ),
        "imagine": JobKind(
            "musearoo.bridge.imagining.takes:run",
            need="musearoo.bridge.imagining.takes:estimate_bytes",
            shrink="musearoo.bridge.imagining.takes:shrink",
        ),
        "split": JobKind(
            "musearoo.bridge.stems.separation:run",
            need="musearoo.bridge.stems.separation:estimate_bytes",
            shrink="musearoo.bridge.stems.separation:shrink",
        ),
    }
)
