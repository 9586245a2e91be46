"""Takes that were composed ahead are the very ones that a press would have made, whatever happens to the set."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from musearoo.bridge.core.composing import Basis, Composer, Players, address_anew, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.prediction.ready_takes import MOST_BYTES, ReadyTake, ReadyTakes, size_of
from musearoo.bridge.protocol import ClipNotes, Generate, Gone, Refine, Selection
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import a_mixed_set
from tests.bridge.live_set.test_mirror import a_record
from tests.bridge.requests.test_generate import styles

PLAYERS = Players(ENGINES, styles(), play_with_patience)
CHANGES = ("again", "busier", "simpler", "darker", "more swing", "lower, softer")


def some_request(chance: Random) -> Generate | Refine:
    """A request of any kind, which may fail."""
    if chance.random() < 0.4:
        track = chance.choice((2, 5, 6, -1))
        return Refine(1, 9, chance.choice(CHANGES), "", 0, 0, 0, 0, -1, track, chance.choice((-1, 1)), 0)
    engine = chance.choice([*(engine.name for engine in ENGINES), "band", "drummaroo,bassaroo"])
    return Generate(
        *(1, 9, engine, chance.choice(("", *styles())), chance.choice((1, 2, 4)), chance.choice((-1, 7))),
        *(0.5, chance.choice((0.5, 0.9)), 0.5, chance.choice((0.0, 1.5)), chance.choice(("", "D minor")), ""),
        *(chance.choice((-1, 0, 2)), chance.choice((-1, 0, 1)), chance.choice((0, 1))),
        changes=chance.choice(("", "", "busier")),
    )


def _something_happens(chance: Random, mirror: SetMirror) -> None:
    """What may happen to a set between a take that is composed ahead and its press."""
    song = mirror.song
    assert song is not None
    clip = chance.choice([*mirror.notes])
    track = chance.choice([*mirror.tracks.values()])
    notes = [a_record(beat / 2, 0.4, chance.randint(36, 60)) for beat in range(chance.randint(1, 8))]
    happens: list[Message] = [
        replace(song, tempo=song.tempo + chance.choice((0.0, 1.0))),
        replace(song, root_note=chance.randint(0, 11), scale_mode=1),
        ClipNotes(clip, encode_notes(notes)),
        ClipNotes(clip, mirror.notes[clip]),
        replace(mirror.clips[clip], name=chance.choice(("house drums", mirror.clips[clip].name))),
        Gone(clip),
        replace(track, name=chance.choice(("BassaRoo", track.name)), color=chance.randint(0, 5)),
        Selection(track.id, chance.choice([*mirror.scenes]), clip),
        replace(track, id=999, index=len(mirror.tracks), name="another"),
    ]
    mirror.apply(chance.choice(happens))


def prepare(mirror: SetMirror, request: Generate | Refine, number: int = 9, deadline: float = 0.0) -> Composer:
    """What composes a request in a set."""
    press = Compose((1, number), 1, f"device:{number}", replace(request, press=number), 44_100, 20.0)
    return prepare_composition(mirror, press, PLAYERS, deadline, lambda _: None)


def _try(mirror: SetMirror, request: Generate | Refine) -> tuple[Basis, Composition] | None:
    try:
        composer = prepare(mirror, request)
        made = composer()
    except RequestError:
        return None
    assert composer.basis is not None
    return composer.basis, made


@pytest.mark.parametrize("seed", range(6))
def test_a_take_made_ahead_is_the_one_that_its_press_would_have_made(seed: int) -> None:
    chance = Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(30):
        mirror, request = a_mixed_set(), some_request(chance)
        ahead = _try(mirror, request)
        if ahead is None:
            continue
        happens = chance.random() < 0.8
        if happens:
            _something_happens(chance, mirror)
        now = _try(mirror, request)
        if now is None:
            seen["refused"] += 1
            continue
        if ahead[0] == now[0]:
            seen["ready"] += 1
            taken = address_anew(ahead[1], "device:9", 0.0)
            assert (taken.messages, taken.parts, taken.name, taken.recipe) == (
                *(now[1].messages, now[1].parts, now[1].name, now[1].recipe),
            )
        else:
            seen["stale"] += 1
            assert happens, "the same set must give the same basis"
    assert min(seen["ready"], seen["stale"]) >= 3, seen


@pytest.mark.parametrize(
    ("differs", "by"),
    [
        ({"style": "house"}, "style"),
        ({"bars": 2}, "length"),
        ({"seed": 8}, "seed"),
        ({"complexity": 0.6}, "amount"),
        ({"engine": "bassaroo"}, "engine"),
        ({"replace": 1}, "slot"),
        ({"scene": 0}, "scene"),
        ({"track": 2}, "track"),
    ],
)
def test_a_take_is_ready_for_nothing_else(differs: dict[str, Any], by: str) -> None:
    request = Generate(1, 9, "drummaroo", "funk", 4, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 1, 0)
    mirror = a_mixed_set()
    basis = prepare(mirror, request).basis
    assert basis is not None
    assert prepare(mirror, replace(request, **differs)).basis != basis, by
    assert prepare(mirror, request, number=10, deadline=9.0).basis == basis, "a given seed is no press's own"
    drawn = replace(request, seed=-1)
    assert prepare(mirror, drawn).basis != prepare(mirror, drawn, number=10).basis, "a drawn seed is its press's"


def _ready(number: int) -> ReadyTake:
    request = Generate(1, 9, "bassaroo", "funk", 1, number, 0.5, 0.5, 0.5, 0.0, "", "", 2, 1, 0)
    composer = prepare(a_mixed_set(), request)
    assert composer.basis is not None
    return ReadyTake(composer.basis, float(number), composer())


def test_what_is_not_likely_any_more_goes() -> None:
    takes, ready = ReadyTakes(), [_ready(number) for number in range(3)]
    assert [takes.add(each) for each in ready] == [0, 0, 0]
    assert takes.find(ready[1].basis) is ready[1]
    assert takes.drop_all_but([ready[1].basis, ready[2].basis]) == 1
    takes.remove(ready[2])
    assert (len(takes), takes.find(ready[0].basis), takes.find(ready[2].basis)) == (1, None, None)


def test_the_oldest_go_where_memory_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _ready(1), _ready(2)
    assert size_of(first.take) < MOST_BYTES / 100
    monkeypatch.setattr("musearoo.bridge.prediction.ready_takes.MOST_BYTES", int(1.5 * size_of(first.take)))
    takes = ReadyTakes()
    assert (takes.add(first), takes.add(second)) == (0, 1)
    assert takes.find(first.basis) is None
