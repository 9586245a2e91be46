"""What the band plays to phrases, as it was kept: every engine in every manner, and turn after turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engines.catalogue import ENGINES
from engines.errors import ParamError
from engines.jamming.composing import Answer, Compose, compose_answer
from engines.jamming.deciding import Memory
from engines.jamming.responding import MANNERS, Ask, respond
from engines.music.context import MusicalContext
from tests.engines.jamming.phrases import ALL
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome, check_snapshots

ASKS = (Ask(STYLES["pop"]), Ask(STYLES["funk"], 0, 0.9, 0.8, 1.0), Ask(STYLES["jazz swing"], 3, 0.1, 0.2, 0.0))


def outcomes() -> Iterator[Outcome]:
    for number, (name, phrase) in enumerate([*ALL.items(), *ALL.items(), *ALL.items()]):
        for engine in ENGINES:
            for seed, manner in enumerate(MANNERS, number):
                ask = ASKS[(number + seed) % len(ASKS)]
                try:
                    yield (
                        f"{name} {number}, {engine.name}, {manner}",
                        notes_of(respond(engine, manner, phrase, ask, seed)),
                    )
                except ParamError as error:
                    yield f"{name} {number}, {engine.name}, {manner}", error
    yield from _turns()


def _turns() -> Iterator[Outcome]:
    """A jam in which everything is played once, and now and then nothing."""
    memory, previous, at = Memory(), None, 0.0
    for turn, (name, phrase) in enumerate([*ALL.items(), ("nothing", None), ("again", ALL["open"]), ("silence", None)]):
        beats = phrase.clip.length if phrase else 8.0
        bars = round(phrase.clip.bars) if phrase else 2
        who = ("", "", "bass", "")[turn % 4]
        heard_to = at + beats * (0.75 if turn % 3 == 2 else 1.0)
        order = Compose(
            turn, ("ahead", "draft", "final")[turn % 3], at + beats, bars, phrase is not None, at, beats, heard_to,
            who, 5, memory, previous,
        )  # fmt: skip
        previous = compose_answer(order, phrase, ASKS[turn % len(ASKS)], MusicalContext.plain(bpm=110.0))
        memory = memory.with_answer(previous.decision.lead, previous.device)
        at += 2.0 * beats
        yield f"turn {turn}, {name}", _told(previous)


def _told(answer: Answer) -> tuple[object, ...]:
    parts = tuple((part.engine, part.leads, notes_of(part.clip)) for part in answer.parts)
    return answer.decision, answer.device, answer.context.key, answer.context.chords, parts


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
