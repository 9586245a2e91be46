"""A song section as input of an engine: its kind, its energy, and the energy of the next one."""

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
    """The section that an engine plays.

    `energy` is 0..1, one half the style's usual; `following` is the next section's energy, None in a loop or at the
    end; `number` counts earlier sections of this kind, so that the second verse can differ from the first; `ends_song`
    is true if the last bar ends the song.

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
        """Whether the next section has clearly more energy: a reason for a fill, a build or a pickup."""
        return self.following is not None and self.following > self.energy + 0.1


LOOP: Final = SongSection()
"""The section of a clip in Session view: a loop at the usual energy."""
