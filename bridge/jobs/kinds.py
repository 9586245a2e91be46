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
    """

    run: str
    need: str = ""


JOB_KINDS: Final[Mapping[str, JobKind]] = MappingProxyType(
    {
        "hear": JobKind("bridge.jobs.hearing:run", need="bridge.jobs.hearing:estimate_bytes"),
    }
)
