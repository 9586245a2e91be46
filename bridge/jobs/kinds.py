"""The kinds of jobs, and the functions that perform them, by name: nothing heavy is imported ahead of its use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class JobKind:
    """`run` is the `module:function` that performs it.

    `need` is the `module:function` that says from params and arrays how many bytes it will take; "" for little.
    `shrink` is the one that gives, from params and arrays, the params by which it takes less memory when there was too
    little, and None if there are none; "" for a kind that is then tried once more as it is.
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
