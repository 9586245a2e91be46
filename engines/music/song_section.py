"""A section of a song as its players know it: what it is, how much energy it has, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from musearoo.engines.errors import ParamError, require_between

SectionKind = Literal[
    "loop",
    "intro",
    "verse",
    "pre_chorus",
    "chorus",
    "bridge",
    "head",
    "solo",
    "interlude",
    "breakdown",
    "build",
    "drop",
    "outro",
]
SECTION_KINDS: Final[tuple[SectionKind, ...]] = get_args(SectionKind)


@dataclass(frozen=True, slots=True)
class SongSection:
    """What an engine is told of the section that it plays.

    `energy` 0..1 with one half as the style is usually played; `following` is the energy of the section after it, None
    where it loops or ends; `number` counts the earlier sections of this kind, so that the second verse can differ from
    the first; `ends_song` says that the last bar is the last of all.

    >>> SongSection("build", energy=1.5)
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: section energy must be 0 to 1, but was 1.5
    """

    kind: SectionKind = "loop"
    energy: float = 0.5
    following: float | None = None
    number: int = 0
    ends_song: bool = False

    def __post_init__(self) -> None:
        if self.kind not in SECTION_KINDS:
            raise ParamError("section kind", f"one of {', '.join(SECTION_KINDS)}", self.kind)
        require_between("section energy", self.energy, 0.0, 1.0)
        if self.following is not None:
            require_between("energy of the following section", self.following, 0.0, 1.0)

    @property
    def rises(self) -> bool:
        """Whether what follows has clearly more energy: time for a fill, a build, a lead-in."""
        return self.following is not None and self.following > self.energy + 0.1


LOOP: Final = SongSection()
"""What a clip in Session view is: it comes round, at the usual energy."""
