"""The report of a conformance run: what passed, and what is allowed to fail, each with its reason."""

from __future__ import annotations

from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """The result of one test, command or probe; `text` describes the failure."""

    name: str
    passed: bool
    text: str


KNOWN_EXCEPTIONS: dict[tuple[str, str, str], str] = {
    ("ableton-mcp", "create_audio_clip", "12.0.0"): "Live 12.0.0 has no create_audio_clip",
    ("ableton-mcp", "create_locator", ""): (
        "the script looks for the locator in the call that moves the song, where Live still sets it at the old position"
    ),
    **{
        ("ableton-mcp", f"get_browser_categories {kind}", ""): "the script has no such method: it fails in any Live"
        for kind in ("all", "instruments", "sounds", "drums", "audio_effects", "midi_effects")
    },
    ("ableton-mcp", "map_rack_magnitude", ""): "it needs RackDevice.macro_map, which no dump of a Live has",
    ("ableton-mcp", "get_browser_items", ""): "the script has no such method: it fails in any Live",
}
"""What is allowed to fail: peer, test or command, and profile ("" for all), with the reason."""


class Report(NamedTuple):
    """One peer's run against one Live version."""

    peer: str
    profile: str
    mutation: str | None
    suite: list[Outcome]
    probes: list[Outcome]
    not_simulated: list[str]

    def reason(self, outcome: Outcome) -> str | None:
        """Return why an outcome is allowed to fail; None if it is not."""
        for profile in (self.profile, ""):
            if (self.peer, outcome.name, profile) in KNOWN_EXCEPTIONS:
                return KNOWN_EXCEPTIONS[self.peer, outcome.name, profile]
        return None

    @property
    def unexpected(self) -> list[Outcome]:
        """The failures that are not known exceptions."""
        failed = [outcome for outcome in self.suite + self.probes if not outcome.passed]
        return [outcome for outcome in failed if self.reason(outcome) is None]

    @property
    def is_conformant(self) -> bool:
        """True when every test ran and none failed unexpectedly."""
        return bool(self.suite and self.probes) and not self.unexpected

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON-compatible data."""
        return {
            "peer": self.peer,
            "profile": self.profile,
            "mutation": self.mutation,
            "suite": [outcome._asdict() for outcome in self.suite],
            "probes": [outcome._asdict() for outcome in self.probes],
            "not_simulated": self.not_simulated,
            "conformant": self.is_conformant,
        }


def describe(report: Report) -> str:
    """Return the report as readable lines."""
    lines = [f"simulated Live {report.profile}" + (f", broken: {report.mutation}" if report.mutation else "")]
    for title, outcomes in ((f"{report.peer}'s own tests", report.suite), ("house probes", report.probes)):
        passed = sum(outcome.passed for outcome in outcomes)
        lines.append(f"{title}: {passed} of {len(outcomes)} passed")
        for outcome in outcomes:
            if not outcome.passed:
                reason = report.reason(outcome) or "unexpected"
                first_line = outcome.text.strip().splitlines()[0] if outcome.text.strip() else ""
                lines.append(f"  FAILED {outcome.name} ({reason}): {first_line}")
    for member in report.not_simulated:
        lines.append(f"  touched, but not simulated: {member}")
    lines.append("conformant" if report.is_conformant else "NOT conformant")
    return "\n".join(lines)
