"""Choices of a style that depend on the section of a song."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from musearoo.engines.music.song_section import SectionKind


class ForSections(Protocol):
    """A choice that may be restricted to some kinds of section."""

    @property
    def sections(self) -> tuple[SectionKind, ...]:
        """The kinds of section that it is for; empty for all."""


Choice = TypeVar("Choice", bound=ForSections)


def meant_for(choices: Sequence[Choice], kind: SectionKind) -> list[Choice]:
    """Return the choices for a kind of section: those that name it, else those that name none; all for a loop.

    A loop gets all choices because it may become any section of a song.
    """
    if kind == "loop":
        return list(choices)
    named = [choice for choice in choices if kind in choice.sections]
    return named or [choice for choice in choices if not choice.sections] or list(choices)
