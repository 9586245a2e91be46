"""The kinds of jobs that there are, and where their functions lie: nothing heavy is imported before it is needed."""

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
    little, and None where there are none; "" for a kind that is then tried once more as it is.
    """

    run: str
    need: str = ""
    shrink: str = ""


JOB_KINDS: Final[Mapping[str, JobKind]] = MappingProxyType(
    {
        "hear": JobKind("bridge.jobs.hearing:run", need="bridge.jobs.hearing:estimate_bytes"),
        "imagine": JobKind(
            "bridge.jobs.imagining:run",
            need="bridge.jobs.imagining:estimate_bytes",
            shrink="bridge.jobs.imagining:shrink",
        ),
        "split": JobKind(
            "bridge.jobs.splitting:run",
            need="bridge.jobs.splitting:estimate_bytes",
            shrink="bridge.jobs.splitting:shrink",
        ),
    }
)
