"""The conductor's plan: who waits to hear whom, and so who may play at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from musearoo.engines.music.knowledge.context import Role

LISTENS_TO: Final[dict[Role, tuple[Role, ...]]] = {
    "drums": (),
    "bass": ("drums",),
    "harmony": ("drums", "bass"),
    "melody": ("drums", "bass", "harmony"),
    "atmosphere": ("drums", "bass", "harmony", "melody"),
}
"""Whom each player waits for; the chords are known before anybody plays."""


def stages_of(roles: Iterable[Role]) -> tuple[tuple[Role, ...], ...]:
    """The players in stages: those of a stage do not wait for each other, and may play at the same time.

    With the whole band everybody hears all those before, and it is the sections of a song that are played side by side.

    >>> stages_of(["melody", "drums", "harmony"])
    (('drums',), ('harmony',), ('melody',))
    """
    waiting = [role for role in LISTENS_TO if role in set(roles)]
    stages: list[tuple[Role, ...]] = []
    while waiting:
        stage = tuple(role for role in waiting if not any(other in waiting for other in LISTENS_TO[role]))
        stages.append(stage)
        waiting = [role for role in waiting if role not in stage]
    return tuple(stages)
