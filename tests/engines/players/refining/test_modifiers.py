"""Parsing modifiers from users' words."""

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.players.refining.modifiers import Modifier, ModifierRequest, Refinement, parse_modifiers
from tests.each_case import each_case


@each_case(
    "text, modifiers",
    [
        ("", ()),
        ("again", (Modifier.AGAIN,)),
        ("Busier, a bit darker", (Modifier.BUSIER, Modifier.DARKER)),
        ("keep the rhythm", (Modifier.NEW_NOTES,)),
        ("keep the  notes , more swing", (Modifier.NEW_RHYTHM, Modifier.MORE_SWING)),
        ("straighter", (Modifier.LESS_SWING,)),
    ],
)
def test_words_become_modifiers(text: str, modifiers: tuple[Modifier, ...]) -> None:
    assert parse_modifiers(text) == ModifierRequest(modifiers)


@each_case(
    "text, track, amount",
    [("groove of track 3", 3, 1.0), ("groove from 12 40%", 12, 0.4), ("groove of track 1 400 %", 1, 1.0)],
)
def test_a_groove_is_asked_for_by_its_track(text: str, track: int, amount: float) -> None:
    assert parse_modifiers(text) == ModifierRequest((), track, amount)


def test_every_wish_is_known_by_its_name() -> None:
    assert parse_modifiers(", ".join(Modifier)).modifiers == tuple(Modifier)


def test_an_unknown_modifier_raises_with_the_known_ones() -> None:
    with pytest.raises(ParamError, match=r"again, simpler.* but was 'purpler'"):
        parse_modifiers("busier, purpler")


def test_bars_to_change_and_to_vary_over_are_taken_up_to_their_bounds() -> None:
    for bars in ((1, 1), (2, 5)):
        assert Refinement(bars=bars).bars == bars
    for bars in ((0, 1), (3, 2)):
        with pytest.raises(ParamError, match="bars"):
            Refinement(bars=bars)
    for count in (1, MAX_BARS):
        assert Refinement(vary_bars=count).vary_bars == count
    for count in (0, MAX_BARS + 1):
        with pytest.raises(ParamError, match="vary over"):
            Refinement(vary_bars=count)
