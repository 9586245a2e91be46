"""A finding of `musearoo doctor`: what was checked, its state, and the fix."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata, util
from typing import Literal

from musearoo import how_to_install

Verdict = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, its state, and what to do if it is bad."""

    what: str
    verdict: Verdict
    found: str
    mend: str = ""


def find_optional(what: str, module: str, package: str, group: str) -> Finding:
    """Check for an optional package; `group` is the extra that installs it."""
    if util.find_spec(module) is None:
        mend = f"For what needs it: {how_to_install(group)}"
        return Finding(what, "note", f"{package} is not installed", mend)
    return Finding(what, "good", f"{package} {metadata.version(package)}")
