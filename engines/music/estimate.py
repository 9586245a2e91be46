"""Estimates: values with a confidence and a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar, get_args

from musearoo.engines.errors import ParamError, require_between

Value = TypeVar("Value", covariant=True)
Source = Literal["set", "clip", "user", "guess"]

SOURCES: Final[tuple[Source, ...]] = get_args(Source)


@dataclass(frozen=True, slots=True)
class Estimate(Generic[Value]):
    """A value with its confidence (0..1) and source: Live's set, a clip, the user, or a guess."""

    value: Value
    confidence: float = 1.0
    source: Source = "set"

    def __post_init__(self) -> None:
        require_between("confidence", self.confidence, 0.0, 1.0)
        if self.source not in SOURCES:
            raise ParamError("source", f"one of {', '.join(SOURCES)}", self.source)


UNKNOWN: Final[Estimate[None]] = Estimate(None, 0.0, "guess")
