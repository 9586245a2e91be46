"""Which engine answers, and the stated reason."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.deciding import Memory, decide
from musearoo.engines.players.band.catalogue import ENGINES, find_engine
from tests.each_case import each_case
from tests.engines.improvisation.jam.phrases import ALL, CHORDS, DENSE, DRUMS, LOW, OPEN, SPARSE


@each_case("name", ALL)
def test_one_engine_always_answers_and_no_role_is_doubled(name: str) -> None:
    call = ALL[name]
    for seed in range(30):
        decision = decide(call, Memory(), "", seed)
        assert decision.lead not in decision.backing
        assert len(set(decision.backing)) == len(decision.backing)
        assert all(find_engine(engine).part != call.role for engine in decision.backing)
        assert decision.reason.startswith("You played")
        assert find_engine(decision.lead).title in decision.reason


def test_a_tune_is_answered_by_the_melodist_over_bass_and_drums() -> None:
    decision = decide(OPEN, Memory(), "", 1)
    assert (decision.lead, decision.backing) == ("melodyroo", ("drummaroo", "bassaroo"))
    assert decision.reason == "You played a tune: MelodyRoo answers it, over DrummaRoo and BassaRoo."


def test_the_reason_states_how_much_was_played() -> None:
    assert "left room" in decide(SPARSE, Memory(), "", 1).reason
    assert "many notes" in decide(DENSE, Memory(), "", 1).reason


@each_case("call", [CHORDS, LOW, DRUMS])
def test_the_last_answerer_is_less_likely(call: object) -> None:
    def share(memory: Memory) -> float:
        return sum(decide(call, memory, "", seed).lead == "melodyroo" for seed in range(200)) / 200.0  # type: ignore[arg-type]

    assert 0.0 < share(Memory().with_answer("melodyroo", None)) < 0.85 * share(Memory())


def test_a_named_engine_plays_alone() -> None:
    for engine in ENGINES:
        for called in (engine.name, engine.title, engine.part):
            decision = decide(OPEN, Memory(), called, 0)
            assert (decision.lead, decision.backing) == (engine.name, ())
            assert engine.title in decision.reason
    with pytest.raises(ParamError, match="engine must be one of"):
        decide(OPEN, Memory(), "saxofonroo", 0)


def test_without_a_phrase_the_band_begins() -> None:
    assert decide(None, Memory(), "", 0).reason == "The band begins; come in when you like."


def test_memory_keeps_the_last_few() -> None:
    memory = Memory()
    for number in range(9):
        memory = memory.with_answer(str(number), "echo" if number % 2 else None)
    assert memory.leads == ("5", "6", "7", "8")
    assert memory.devices == ("echo", None, "echo", None)
