"""Word patterns: their expansions, and the errors for invalid ones."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.language.grammar.patterns import Reference, Word, grow, parse_pattern, references_of, words_in
from tests.each_case import each_case


def _ways(text: str) -> list[str]:
    def step(path: str, token: Word | Reference) -> str:
        return f"{path} {token.text if isinstance(token, Word) else f'<{token.name}>'}".strip()

    return grow([""], parse_pattern(text), step)


@each_case(
    "text, alternatives",
    [
        ("turn it up", ["turn it up"]),
        ("(a | b c)", ["a", "b c"]),
        ("[a] b", ["b", "a b"]),
        ("a [(b | c)] d", ["a d", "a b d", "a c d"]),
        ("Turn <part>*", ["turn", "turn <part>"]),
        ("[a] [a] a", ["a", "a a", "a a a"]),
    ],
)
def test_each_way_is_there_once(text: str, alternatives: list[str]) -> None:
    assert sorted(_ways(text)) == sorted(alternatives)


def test_references_and_words_come_in_their_order() -> None:
    pattern = parse_pattern("play [<bars>] (<target:part> | it)*")
    assert references_of(pattern) == (Reference("bars"), Reference("part", "target"))
    assert words_in(pattern) == ("play", "it")


@each_case("text", ["(a", "a)", "[a", "* a", "(a | )", "<Part>", "<a:b:c>", "a <b"])
def test_an_invalid_pattern_is_reported(text: str) -> None:
    with pytest.raises(ParamError, match="pattern must be"):
        parse_pattern(text)
