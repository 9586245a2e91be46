"""Snapshots of responses: every engine in every manner, and turn after turn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.improvisation.jam.answering import DEVICES, answer
from musearoo.engines.improvisation.jam.composing import Answer, Compose, compose_answer
from musearoo.engines.improvisation.jam.deciding import Memory, decide
from musearoo.engines.improvisation.jam.harmonising import VOICES, harmonise_phrase
from musearoo.engines.improvisation.jam.phrase import (
    answer_context,
    chords_under,
    foresee,
    on_grid,
    read_phrase,
    top_line,
)
from musearoo.engines.improvisation.jam.responding import MANNERS, ResponseRequest, respond
from musearoo.engines.improvisation.jam.turns import Begin, Jam
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.melody.engine import MelodyParams
from tests.engines.improvisation.jam.phrases import ALL
from tests.engines.improvisation.jam.test_turns import Room, make_answer
from tests.engines.players.test_properties import any_of
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome, check_snapshots

ASKS = (
    ResponseRequest(STYLES["pop"]),
    ResponseRequest(STYLES["funk"], 0, 0.9, 0.8, 1.0),
    ResponseRequest(STYLES["jazz swing"], 3, 0.1, 0.2, 0.0),
)


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
    yield from _rooms()
    yield from _phrases()
    yield from _decisions()


def _turns() -> Iterator[Outcome]:
    """A jam in which everything is played once, and now and then nothing."""
    memory, previous, at = Memory(), None, 0.0
    for turn, (name, phrase) in enumerate([*ALL.items(), ("nothing", None), ("again", ALL["open"]), ("silence", None)]):
        beats = phrase.clip.length if phrase else 8.0
        bars = round(phrase.clip.bars) if phrase else 2
        who = ("", "", "bass", "")[turn % 4]
        known_until = at + beats * (0.75 if turn % 3 == 2 else 1.0)
        order = Compose(
            turn, ("ahead", "draft", "final")[turn % 3], at + beats, bars, phrase is not None, at, beats, known_until,
            who, 5, memory, previous,
        )  # fmt: skip
        previous = compose_answer(order, phrase, ASKS[turn % len(ASKS)], MusicalContext.plain(bpm=110.0))
        memory = memory.with_answer(previous.decision.lead, previous.device)
        at += 2.0 * beats
        yield f"turn {turn}, {name}", _told(previous)


def _rooms() -> Iterator[Outcome]:
    """Jams with players, composers and clocks of every kind: what was asked for, what sounded, what was shown."""
    for seed in range(36):
        chance = stream(seed, "rooms")
        bars, meter = 1 + int(4 * chance.random()), Meter.parse(any_of(chance, ("4/4", "4/4", "7/8", "1/4")))
        bpm = any_of(chance, (60.0, 120.0, 200.0))
        takes = any_of(chance, ((0.02,), (0.1, 0.3), (0.02, 1.5, None), (30.0, 0.2), (3.0,)))
        leads = any_of(chance, (("melodyroo",), ("melodyroo", "harmonyroo"), ("melodyroo", "bassaroo", "drummaroo")))
        room = Room(
            Jam(bars, meter, 4.0, bpm, any_of(chance, ("", "bass")), seed), bpm,
            takes=partial(_any_takes, chance, takes), make=partial(_any_lead, chance, leads),
        )  # fmt: skip
        shown = []
        for _ in range(9):
            step = 0.5 + 2.5 * chance.random() * bars * meter.bar_beats
            count = int(any_of(chance, (0, 0, 1, 6)))
            room.run(room.beat + step, tuple(room.beat + step * chance.random() for _ in range(count)))
            shown.append((room.jam.turn, room.jam.state))
            if chance.random() < 0.2:
                room.offset += any_of(chance, (-4.0, -16.0, 8.0, -0.3))
        asked = [
            (round(beat, 4), o.turn, o.stage, o.start, o.has_played, o.call_start, o.call_beats,
             round(o.known_until, 4), round(o.known_beats, 4), o.call_end, o.who, o.memory,
             o.previous and (o.previous.turn, o.previous.stage))
            for beat, o in room.orders
        ]  # fmt: skip
        said = [(round(beat, 4), action, getattr(action, "end", None)) for beat, action in room.said]
        states = [
            (turn and (turn.number, turn.start, turn.is_players), state.who, state.stands_by, bool(state.reason))
            for turn, state in shown
        ]
        yield (
            f"room {seed}",
            (len(asked), len(said), asked, [_without_words(each) for each in said], states, room.jam.stop(99.0)),
        )


def _any_takes(chance: Random, takes: tuple[float | None, ...], _order: Compose) -> float | None:
    return any_of(chance, takes)


def _any_lead(chance: Random, leads: tuple[str, ...], order: Compose) -> Answer:
    return make_answer(order, any_of(chance, leads))


def _without_words(said: tuple[float, object, object]) -> object:
    beat, action, end = said
    return (beat, action.turn, action.who) if isinstance(action, Begin) else (beat, action, end)


def _phrases() -> Iterator[Outcome]:
    """What a phrase by chance says of itself, and what is foreseen of one that is still being played."""
    for seed in range(30):
        chance = stream(seed, "phrases")
        meter = Meter.parse(any_of(chance, ("4/4", "4/4", "3/4", "6/8", "7/8")))
        bars = 1 + int(5 * chance.random())
        length = bars * meter.bar_beats
        notes = [
            Note(
                min(length - 0.1, round(16.0 * length * chance.random()) / 16.0 + 0.04 * chance.random()),
                36 + 12 * (seed % 4) + int(14 * chance.random()), any_of(chance, (0.1, 0.5, 1.5)),
                30.0 + 90.0 * chance.random(),
                mute=chance.random() < 0.1,
            )
            for _ in range(any_of(chance, (1, 4, 12, 30)))
        ]  # fmt: skip
        clip = Clip.of("call", length, end_before_next(notes), meter)
        context = any_of(chance, (MusicalContext(), MusicalContext.plain(100.0, meter, "Am", "Am F | C G7", swing=1.5)))
        known_beats = any_of(chance, (None, 0.0, length * chance.random(), length))
        role = any_of(chance, (None, "melody", "bass", "harmony", "drums"))
        call = read_phrase(clip, context, known_beats, role)  # type: ignore[arg-type]
        if call is None:
            yield f"phrase {seed}", None
            continue
        whole = foresee(call)
        params = MelodyParams(
            style=STYLES["pop"], bars=any_of(chance, (1, 2, 4, 3, 6)), swing=any_of(chance, (None, 1.0, 2.0))
        )
        later = answer_context(call, params, any_of(chance, (0.0, meter.bar_beats)))
        spans = [[(round(span.start, 4), round(span.end, 4), span.chord) for span in own] for own in (
            call.context.chords, chords_under(whole, params), later.chords,
        )]  # fmt: skip
        yield (
            f"phrase {seed}",
            (
                call.role, call.is_whole, call.known_beats, call.onsets, call.rate, call.density, call.energy,
                str(call.context.key.value), call.context.key.source, call.context.meter, whole.known_beats,
                [(note.start, note.pitch) for note in whole.clip.notes], top_line(whole, params),
                notes_of(on_grid(whole, params).clip), spans,
            ),
        )  # fmt: skip
        if call.role != "drums":
            voices = [notes_of(harmonise_phrase(whole, each, params)) for each in VOICES]
            answers = [notes_of(answer(call, params, seed, device=device).clip) for device in DEVICES]
            yield f"phrase {seed} answered", (voices, answers)


def _decisions() -> Iterator[Outcome]:
    """Who answers and who plays under it, by what was played, who answered last, and what the set plays."""
    told = []
    playing: tuple[tuple[Role, ...], ...] = ((), ("drums",), ("bass", "drums"), ("melody", "harmony"))
    for seed in range(12):
        for number, phrase in enumerate((*ALL.values(), None)):
            memory = Memory(("melodyroo", "bassaroo")[: seed % 3], (None,))
            own = playing[(seed + number) % 4]
            found = decide(phrase, memory, "", seed, ENGINES, own)
            again = " again" in found.reason, "left room" in found.reason, "many notes" in found.reason
            told.append((found.lead, found.backing, again))
    yield "decisions", told


def _told(answer: Answer) -> tuple[object, ...]:
    parts = tuple((part.engine, part.leads, notes_of(part.clip)) for part in answer.parts)
    return answer.decision, answer.device, answer.context.key, answer.context.chords, parts


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
