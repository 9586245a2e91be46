"""The device's self-test: what it reports, and what the daemon adds to it. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from musearoo.bridge.protocol import LiveState

FINE = "ok"
"""The value of a check that works."""


class Check(NamedTuple):
    """One check: its name, and what is wrong, or `ok`."""

    name: str
    outcome: str

    @property
    def works(self) -> bool:
        """Whether nothing is wrong."""
        return self.outcome == FINE


def read_checks(results: str) -> tuple[Check, ...]:
    """Parse a report into checks; an unreadable one counts as failed.

    >>> read_checks("Track=ok;Ring=the ring is empty")
    (Check(name='Track', outcome='ok'), Check(name='Ring', outcome='the ring is empty'))
    """
    parts = (part.partition("=") for part in results.split(";") if part.strip())
    return tuple(Check(name.strip(), outcome.strip() or "said nothing") for name, _, outcome in parts)


def write_checks(checks: Sequence[Check]) -> str:
    """Format checks as a report; the inverse of `read_checks`."""
    return ";".join(f"{check.name}={check.outcome}" for check in checks)


def check_live(shown: LiveState) -> Check:
    """Return the daemon's own check: whether Live's Remote Script is connected."""
    outcomes = {
        LiveState.AWAY: "not connected: choose MuseAroo as a control surface in Live's settings",
        LiveState.BUSY: "busy: close Live's menus and dialogs and test again",
    }
    return Check("Remote Script", outcomes.get(shown, FINE))


def describe_checks(checks: Sequence[Check]) -> str:
    """Return one sentence about all checks.

    >>> describe_checks([Check("Track", "ok"), Check("Ring", "it is empty")])
    'Self-test: 1 of 2 fails. Ring: it is empty.'
    """
    faults = [check for check in checks if not check.works]
    if not checks:
        return "Self-test: the device reported no check."
    if not faults:
        return f"Self-test: all {len(checks)} checks work."
    said = " ".join(f"{check.name}: {check.outcome}." for check in faults)
    return f"Self-test: {len(faults)} of {len(checks)} {'fails' if len(faults) == 1 else 'fail'}. {said}"
