"""Decide which engine answers: by the player's role, the last answers, and the player's own choice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.improvisation.jam.answering import Device
from musearoo.engines.improvisation.jam.phrase import DENSE, SPARSE, Phrase
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord, find_engine

LAST_AGAIN: Final = 0.45
"""The weight factor of the engine that answered last."""
REMEMBERED: Final = 4
"""The number of answers kept in memory."""
_LEADS: Final[dict[Role, dict[str, float]]] = {
    "melody": {"melodyroo": 1.0},
    "harmony": {"melodyroo": 3.0, "harmonyroo": 1.0},
    "bass": {"melodyroo": 1.5, "harmonyroo": 1.5, "bassaroo": 1.0},
    "drums": {"bassaroo": 1.5, "melodyroo": 1.0, "drummaroo": 1.0},
    "atmosphere": {"melodyroo": 1.0, "atmosroo": 1.0},
    "unknown": {"melodyroo": 1.0},
}
"""The engines that can answer each role, with weights."""
_BACKING: Final[dict[Role, tuple[str, ...]]] = {
    "melody": ("drummaroo", "bassaroo"),
    "harmony": ("drummaroo", "bassaroo"),
    "bass": ("drummaroo",),
    "drums": ("bassaroo",),
    "atmosphere": ("bassaroo",),
    "unknown": ("drummaroo", "bassaroo"),
}
"""The engines that accompany each role of the player."""
_PLAYED: Final[dict[Role, str]] = {
    "melody": "You played a tune",
    "harmony": "You played chords",
    "bass": "You played a bass line",
    "drums": "You played drums",
    "atmosphere": "You played long notes",
    "unknown": "You played",
}
_DOES: Final[dict[tuple[Role, str], str]] = {
    ("melody", "melodyroo"): "answers it",
    ("harmony", "melodyroo"): "plays a tune to them",
    ("harmony", "harmonyroo"): "answers in chords",
    ("bass", "melodyroo"): "puts a tune over it",
    ("bass", "harmonyroo"): "lays chords over it",
    ("bass", "bassaroo"): "answers it",
    ("drums", "bassaroo"): "plays a line to them",
    ("drums", "melodyroo"): "plays a tune to them",
    ("drums", "drummaroo"): "trades with you",
    ("atmosphere", "melodyroo"): "plays a tune over them",
    ("atmosphere", "atmosroo"): "lets them ring on",
    ("unknown", "melodyroo"): "answers",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """The engines that answered and their devices, latest last."""

    leads: tuple[str, ...] = ()
    devices: tuple[Device | None, ...] = ()

    def with_answer(self, lead: str, device: Device | None) -> Memory:
        """Return the memory with one more answer."""
        return Memory((*self.leads, lead)[-REMEMBERED:], (*self.devices, device)[-REMEMBERED:])


@dataclass(frozen=True, slots=True)
class Decision:
    """The engines that answer and accompany, by name, and the reason as a sentence."""

    lead: str
    backing: tuple[str, ...]
    reason: str


def decide(
    phrase: Phrase | None,
    memory: Memory,
    named: str,
    seed: int,
    engines: Sequence[EngineRecord] = ENGINES,
    playing: Collection[Role] = (),
) -> Decision:
    """Decide which engine answers a phrase; deterministic. Without a phrase the band starts on its own.

    `named` is the engine the player asks for, which then plays alone; "" leaves it to RooAroo. Roles that the set is
    already `playing` do not accompany. Raises ParamError if there is no such engine.
    """
    if named:
        engine = find_engine(named, engines)
        return Decision(engine.name, (), f"{engine.title} answers, as you wish.")
    if phrase is None:
        backing = _without(("drummaroo", "bassaroo"), playing, engines)
        return Decision("melodyroo", backing, "The band begins; come in when you like.")
    choices = _LEADS[phrase.role]
    last = memory.leads[-1] if memory.leads else ""
    weights = [weight * (LAST_AGAIN if name == last else 1.0) for name, weight in choices.items()]
    lead = pick(stream(seed, "jam", "lead"), tuple(choices), weights)
    backing = _without([name for name in _BACKING[phrase.role] if name != lead], playing, engines)
    return Decision(lead, backing, _reason(phrase, lead, backing, last, engines))


def _without(names: Sequence[str], playing: Collection[Role], engines: Sequence[EngineRecord]) -> tuple[str, ...]:
    return tuple(name for name in names if find_engine(name, engines).part not in playing)


def _reason(phrase: Phrase, lead: str, backing: Sequence[str], last: str, engines: Sequence[EngineRecord]) -> str:
    """Return the reason as a sentence: what was played and how, who answers, who accompanies."""
    how = " and left room" if phrase.rate < SPARSE else ", many notes of it" if phrase.rate > DENSE else ""
    again = " again" if lead == last and len(_LEADS[phrase.role]) > 1 else ""
    sentence = f"{_PLAYED[phrase.role]}{how}: {find_engine(lead, engines).title}{again} {_DOES[phrase.role, lead]}"
    titles = [find_engine(name, engines).title for name in backing]
    return f"{sentence}, over {' and '.join(titles)}." if titles else f"{sentence}."
