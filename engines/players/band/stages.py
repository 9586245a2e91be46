"""Stages of a band: which players depend on which others, and so which can run at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from musearoo.engines.music.knowledge.context import Role

DEPENDS_ON: Final[dict[Role, tuple[Role, ...]]] = {
    "drums": (),
    "bass": ("drums",),
    "harmony": ("drums", "bass"),
    "melody": ("drums", "bass", "harmony"),
    "atmosphere": ("drums", "bass", "harmony", "melody"),
}
"""The parts that each player depends on; the chords are known in advance."""


def stages_of(roles: Iterable[Role]) -> tuple[tuple[Role, ...], ...]:
    """Return the players in stages; those of one stage can run in parallel.

    In a full band every player depends on all before, so the sections of a song run in parallel instead.

    >>> stages_of(["melody", "drums", "harmony"])
    (('drums',), ('harmony',), ('melody',))
    """
    waiting = [role for role in DEPENDS_ON if role in set(roles)]
    stages: list[tuple[Role, ...]] = []
    while waiting:
        stage = tuple(role for role in waiting if not any(other in waiting for other in DEPENDS_ON[role]))
        stages.append(stage)
        waiting = [role for role in waiting if role not in stage]
    return tuple(stages)
