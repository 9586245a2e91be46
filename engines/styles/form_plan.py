"""The notation of a form: its sections in order with their bars, "intro 4?, [verse 16, chorus 8]2, outro 8".

A number of bars with `!` is fixed. A section with `?` is optional and dropped when time is short, one with `??` before
those with one. Brackets enclose the round, which is repeated to fill the song; the number after them is the usual
count, and with `?` the round is optional too. Without brackets the whole form is the round.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.song_section import SECTION_KINDS, SectionKind

MAX_SECTION_BARS: Final = 64
"""The most bars that an engine composes at once."""
MAX_ROUNDS: Final = 16
"""The greatest usual number of rounds; a long song may have more."""

_TOKEN: Final = re.compile(r"\s*(?:(?P<open>\[)|\](?P<rounds>\d*)(?P<spare>\??)|(?P<kind>[a-z_]+) (?P<bars>\d+)"
                           r"(?P<fixed>!?)(?P<marks>\?*))\s*,?")  # fmt: skip


class PlannedSection(NamedTuple):
    """A section of a form: kind, usual bars, whether they are fixed, and how readily it is dropped (0: never)."""

    kind: SectionKind
    bars: int
    fixed: bool = False
    spare: int = 0


class FormPlan(NamedTuple):
    """A form: the sections before the round, of the round, and after it.

    `rounds` is the usual number of rounds, `least` that of the shortest song.
    """

    before: tuple[PlannedSection, ...]
    round: tuple[PlannedSection, ...]
    after: tuple[PlannedSection, ...]
    rounds: int = 1
    least: int = 1

    def unrolled(self, rounds: int) -> tuple[PlannedSection, ...]:
        """Return all sections in order, with the round repeated `rounds` times."""
        return self.before + self.round * rounds + self.after


@lru_cache(maxsize=512)
def parse_plan(text: str) -> FormPlan:
    """Parse a form; ValueError describes the problem.

    >>> plan = parse_plan("intro 4?, [verse 16, chorus 8]2, outro 8!")
    >>> plan.before, plan.rounds, [section.kind for section in plan.unrolled(1)]
    ((PlannedSection(kind='intro', bars=4, fixed=False, spare=1),), 2, ['intro', 'verse', 'chorus', 'outro'])
    """
    places: tuple[list[PlannedSection], ...] = ([], [], [])
    place, rounds, least, at = 0, 1, 1, 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(
                f"expected sections such as 'verse 16' or '[verse 8, chorus 8]2', got {text[at:].strip()!r}"
            )
        at = token.end()
        if token["kind"]:
            places[place].append(_section(token["kind"], int(token["bars"]), bool(token["fixed"]), len(token["marks"])))
        elif token["open"]:
            if place != 0:
                raise ValueError("expected one pair of brackets at most")
            place = 1
        else:
            if place != 1 or not places[1]:
                raise ValueError("expected sections between the brackets")
            place, rounds, least = 2, int(token["rounds"] or 1), 0 if token["spare"] else 1
            if not 1 <= rounds <= MAX_ROUNDS:
                raise ValueError(f"expected 1 to {MAX_ROUNDS} rounds, got {rounds}")
    if place == 1:
        raise ValueError("expected ] after the round")
    before, repeated, after = (tuple(sections) for sections in places)
    if place == 0:  # without brackets the whole form is the round
        before, repeated = (), before
    plan = FormPlan(before, repeated, after, rounds, least)
    if all(section.spare for section in plan.unrolled(least)):
        raise ValueError("expected a section that is never left out")
    return plan


def _section(kind: str, bars: int, fixed: bool, spare: int) -> PlannedSection:
    for known in SECTION_KINDS:
        if known == kind and known != "loop":
            if not 1 <= bars <= MAX_SECTION_BARS:
                raise ValueError(f"expected 1 to {MAX_SECTION_BARS} bars of {kind}, got {bars}")
            return PlannedSection(known, bars, fixed, spare)
    kinds = ", ".join(kind for kind in SECTION_KINDS if kind != "loop")
    raise ValueError(f"expected one of {kinds}, got {kind!r}")
