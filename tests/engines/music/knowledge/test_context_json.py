"""Contexts survive JSON, and older data stays readable."""

from __future__ import annotations

import json

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.context import MusicalContext, SectionSpan
from musearoo.engines.music.knowledge.context_json import decode_context, encode_context
from tests.each_case import each_case

GROOVE = Groove(
    Estimate(1.8, 0.9, "clip"), 11.0, 4.0, GrooveProfile((0.0, 0.5), (0.0, 0.14), (90.0, 70.0), (8, 8)), None, 0.8
)
HEARD = MusicalContext(
    groove=Estimate(GROOVE, 0.8, "clip"),
    style=Estimate("funk", 0.6, "clip"),
    energy=Estimate(0.7, 0.5, "clip"),
    sections=(SectionSpan(0.0, 16.0, "A", 0.9), SectionSpan(16.0, 32.0, "B", 0.7)),
)


@each_case("context", [HEARD, MusicalContext(), MusicalContext.plain(90, key="Am", chords="Am F")])
def test_decoding_a_context_is_the_inverse_of_encoding(context: MusicalContext) -> None:
    assert decode_context(json.loads(json.dumps(encode_context(context)))) == context


def test_what_is_missing_is_unknown() -> None:
    context = decode_context({"tempo": 100})
    assert (context.groove.value, context.style.value, context.energy.value, context.sections) == (None, None, None, ())


def test_plain_values_are_the_users() -> None:
    context = decode_context({"style": "rock", "energy": 0.5})
    assert (context.style, context.energy) == (Estimate("rock", 1.0, "user"), Estimate(0.5, 1.0, "user"))


@each_case(
    "data, said",
    [
        ({"energy": 2.0}, "energy must be 0 to 1"),
        ({"energy": {"value": "high"}}, "energy must be a number"),
        ({"style": {"value": 3.0}}, "style must be a text"),
        ({"sections": [[4.0, 2.0, "A", 1.0]]}, "section span"),
        ({"sections": [[0.0, 2.0]]}, "context must be"),
        ({"groove": {"value": {"bar_beats": "x"}}}, "context must be"),
    ],
)
def test_invalid_data_raises(data: dict[str, object], said: str) -> None:
    with pytest.raises(ParamError, match=said):
        decode_context(data)
