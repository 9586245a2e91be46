"""Instructions for a language model, and which of its answers are accepted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.interpreter import MOST_NAMES, MOST_TURNS, TRUST, instruct, read_interpretation
from musearoo.engines.language.requests.commands import Intent, Slots
from musearoo.engines.language.state.memory import Turn
from tests.engines.language.studio import EMPTY, track


def answer(intent: str = "play", **slots: Any) -> str:
    """Return a model's answer."""
    return json.dumps({"intent": intent, "slots": slots})


def test_a_valid_answer_is_accepted() -> None:
    for slots in (
        {},
        {"parts": ["bass", "band"]},
        {"changes": ["a bit busier", "straight"]},
        {"than": "drums"},
        {"manner": "walking"},
        {"to_played": "answer"},
        {"up": True, "degree": "much"},
        {"like": "last"},
        {"stems": 6},
        {"stems": 4},
        {"scene": "next"},
        {"scene": "12"},
        {"key": "D minor"},
        {"chords": "Dm7 G7"},
        {"numerals": "2 5 1"},
        {"numerals": "i iv V", "key": "A minor"},
    ):
        found = read_interpretation(answer(**slots), "well")
        assert found is not None, slots
        assert (found.text, found.intent, found.confidence) == ("well", Intent.PLAY, TRUST), slots
        for name, value in slots.items():
            assert getattr(found.slots, name) == (tuple(value) if isinstance(value, list) else value), slots


def test_an_answer_with_an_unknown_word_is_rejected() -> None:
    for slots in (
        {"parts": ["zither"]},
        {"parts": ["bass", "zither"]},
        {"changes": ["purple"]},
        {"changes": ["busier", "hugely darker"]},
        {"than": "band"},
        {"manner": "crawling"},
        {"to_played": "backwards"},
        {"degree": "hugely"},
        {"like": "first"},
        {"stems": 5},
        {"scene": "last"},
        {"scene": "-1"},
        {"key": "H dur"},
        {"chords": "Xm"},
        {"numerals": "IX"},
        {"numerals": "ii V", "key": "H"},
        {"colour": "red"},
        {"bars": 65},
    ):
        assert read_interpretation(answer(**slots), "well") is None, slots


def test_a_yes_is_the_users_own() -> None:
    for intent in ("yes", "no", "answer", "none", "dance"):
        assert read_interpretation(answer(intent), "well") is None, intent


def test_the_object_is_found_within_what_surrounds_it() -> None:
    for text in (f"```json\n{answer('mute')}\n```", f"Sure: {answer('mute')}", f" {answer('mute')} "):
        found = read_interpretation(text, "well")
        assert found is not None, text
        assert found.slots == Slots(), text
    for text in ("", "no idea", "{", "}", "}{", f"{answer('mute')} {answer('mute')}", "[1]"):
        assert read_interpretation(text, "well") is None, text


def test_instructions_have_the_first_tracks_and_the_last_turns() -> None:
    names = [f"Track{number:02}" for number in range(1, MOST_NAMES + 3)]
    view = replace(EMPTY, tracks=tuple(track(at, name) for at, name in enumerate(names, 1)), tempo=92.5)
    turns = [Turn(f"Said{number}", f"Answered{number}") for number in range(MOST_TURNS + 2)]
    instructions = instruct(view, turns)
    assert [name in instructions for name in names] == [True] * MOST_NAMES + [False] * 2
    assert [turn.sentence in instructions for turn in turns] == [False] * 2 + [True] * MOST_TURNS
    assert [turn.reply in instructions for turn in turns] == [False] * 2 + [True] * MOST_TURNS
    assert "92.5" in instructions
    assert "Said" not in instruct(view)


def test_instructions_have_the_key_if_known() -> None:
    for confidence, known in ((0.49, False), (0.5, True)):
        assert ("Gb lydian" in instruct(replace(EMPTY, key="Gb lydian", key_confidence=confidence))) is known


def test_instructions_have_each_slot_with_its_type_and_no_forbidden_intent() -> None:
    instructions = instruct(EMPTY)
    for name in Slots.__struct_fields__:
        assert f"{name}: " in instructions, name
    for described in ("parts: list of texts", "bars: integer", "bpm: number", "style: string", "on: boolean"):
        assert described in instructions, described
    offered = next(line for line in instructions.splitlines() if line.startswith("intent is one of"))
    assert not {"yes,", "no,", "answer,"} & set(offered.split())
    assert {"play,", "mute,"} <= set(offered.split())
    assert "none yet" in instructions
    assert "none yet" in instruct(replace(EMPTY, tracks=(track(1, ""),)))
