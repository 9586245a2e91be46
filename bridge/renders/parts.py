"""A part of a render: its notes, and the instrument that its style plays it with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from musearoo.bridge.audio.rendering import SongPart
from musearoo.bridge.live_set.writer import USUAL_PROGRAMS
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import ROLES, Role
from musearoo.engines.players.mix.faders import LOUDEST_DB, SILENT_DB
from musearoo.engines.styles.live_sounds import default_instrument
from musearoo.engines.styles.schema import Style

STANDARD_KIT: Final = 0
"""General MIDI's drum kit of parts without a style."""


@dataclass(frozen=True, slots=True)
class TakePart:
    """A take to render. `program` is General MIDI, 0..127; for drums it is the kit's. `name` is shown to the user.

    `gain_db` (-70, which is silence, to 6) and `pan` (-1 left to 1 right) are where the set's mixer has its track; None
    leaves each to the mix of the style.
    """

    clip: Clip
    role: Role
    program: int
    name: str
    gain_db: float | None = None
    pan: float | None = None

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ParamError("role", f"one of {', '.join(ROLES)}", self.role)
        if not 0 <= self.program <= 127:
            raise ParamError("program", "a General MIDI program from 0 to 127", self.program)
        if self.gain_db is not None:
            require_between("gain_db", self.gain_db, SILENT_DB, LOUDEST_DB)
        if self.pan is not None:
            require_between("pan", self.pan, -1, 1)

    @classmethod
    def of(
        cls,
        clip: Clip,
        role: Role,
        style: Style | None = None,
        name: str = "",
        gain_db: float | None = None,
        pan: float | None = None,
    ) -> Self:
        """Return a part with the usual instrument of its role in a style; without a style, the role's usual one.

        >>> TakePart.of(Clip("walk", 4.0), "bass").program
        33
        """
        program = default_instrument(style, role).program if style else USUAL_PROGRAMS.get(role, STANDARD_KIT)
        return cls(clip=clip, role=role, program=program, name=name or role, gain_db=gain_db, pan=pan)

    @property
    def is_drums(self) -> bool:
        """Whether the part plays the drum kit."""
        return self.role == "drums"

    def for_renderer(self) -> SongPart:
        """Return the part in the form that the renderer takes."""
        return SongPart(
            name=self.name,
            clip=self.clip,
            program=None if self.is_drums else self.program,
            role=self.role,
            gain_db=self.gain_db,
            pan=self.pan,
        )
