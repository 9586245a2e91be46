"""Choices of a style that depend on the section of a song."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from musearoo.engines.music.song_section import SectionKind


class ForSections(Protocol):
    """A choice that may be meant for some kinds of section."""

    @property
    def sections(self) -> tuple[SectionKind, ...]:
        """The kinds that it is meant for; none where it is meant for any."""


Choice = TypeVar("Choice", bound=ForSections)


def meant_for(choices: Sequence[Choice], kind: SectionKind) -> list[Choice]:
    """Return the choices for a kind of section: those that name it, or else those that name none; for a loop all.

    A half-time breakdown is only for breakdowns; but a clip that loops may become any section of a song.
    """
    if kind == "loop":
        return list(choices)
    named = [choice for choice in choices if kind in choice.sections]
    return named or [choice for choice in choices if not choice.sections] or list(choices)
