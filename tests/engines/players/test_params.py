"""Shared engine parameters: bounds, and the precedence of swing and groove."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from musearoo.engines.errors import ParamError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.params import MAX_BARS, EngineParams, resolve_groove, resolve_swing
from tests.engines.presets_on_disk import STYLES

ROCK = EngineParams(style=STYLES["rock"])
"""A straight style whose swing, asked for, is that of eighths."""


def shuffled(ratio: float, pair: str = "eighths") -> EngineParams:
    """A style that swings by itself."""
    style: Any = STYLES["rock"]
    own = structs.replace(style.swing, ratio=ratio, pair=pair)
    return replace(ROCK, style=structs.replace(style, swing=own))


def heard(ratio: float, confidence: float, source: Any = "clip", meter: str = "4/4") -> MusicalContext:
    return MusicalContext(
        meter=Estimate(Meter.parse(meter), 1.0, "set"),
        swing=Estimate(ratio, confidence, source),
    )


def test_values_on_their_bounds_are_taken_and_beyond_them_refused() -> None:
    cases: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
        ("bars", (1, MAX_BARS), (0, MAX_BARS + 1, True, 2.0, "4")),
        ("complexity", (0.0, 1.0), (-0.01, 1.01)),
        ("density", (0.0, 1.0), (-0.01, 1.01)),
        ("humanise", (0.0, 1.0), (-0.01, 1.01)),
        ("swing", (None, 1.0, 3.5), (0.99, 3.51)),
        ("style", (), ("rock", None)),
        ("section", (), ("verse", None)),
    ]
    for field, good, bad in cases:
        for value in good:
            assert getattr(replace(ROCK, **{field: value}), field) == value
        for value in bad:
            with pytest.raises(ParamError) as refusal:
                replace(ROCK, **{field: value})
            assert refusal.value.field == field, (field, value)


def test_requested_swing_precedes_the_sets_and_the_styles() -> None:
    shuffle, sixteenths = shuffled(1.6), shuffled(1.4, "sixteenths")
    cases = [
        # Asked for: its ratio, on what the style swings.
        (replace(shuffle, swing=2.0), heard(1.2, 1.0), Swing(2.0)),
        (replace(sixteenths, swing=2.0), heard(1.2, 1.0), Swing(2.0, 0.5)),
        # Heard and sure enough; from one half on it is.
        (shuffle, heard(1.2, 0.5), Swing(1.2)),
        (shuffle, heard(1.2, 0.49), Swing(1.6)),
        (shuffle, heard(1.2, 0.9, "guess"), Swing(1.6)),
        # That eighths are straight says nothing of sixteenths; that they swing does.
        (sixteenths, heard(1.1, 1.0), Swing(1.4, 0.5)),
        (sixteenths, heard(1.2, 1.0), Swing(1.2)),
        (shuffle, heard(1.0, 1.0), Swing(1.0)),
        # Played ahead is no swing.
        (shuffle, heard(0.8, 1.0), Swing(1.0)),
        (shuffle, heard(3.5, 1.0), Swing(3.5)),
        # In threes eighths do not swing, sixteenths do.
        (shuffle, heard(1.0, 0.0, "guess", "6/8"), Swing()),
        (sixteenths, heard(1.0, 0.0, "guess", "6/8"), Swing(1.4, 0.5)),
        (shuffle, heard(1.0, 0.0, "guess", "7/8"), Swing(1.6)),
    ]
    for number, (params, context, swing) in enumerate(cases):
        assert resolve_swing(params, context) == swing, number


def test_a_groove_is_followed_as_closely_as_the_player_is_human() -> None:
    groove = Groove(bar_beats=4.0)

    def followed(humanise: float, confidence: float = 0.8, swing: float | None = None) -> object:
        context = MusicalContext(groove=Estimate(groove, confidence, "clip"))
        return resolve_groove(replace(ROCK, humanise=humanise, swing=swing), context)

    assert followed(0.25) == (groove, 0.5)
    assert followed(0.5) == (groove, 1.0)
    assert followed(1.0) == (groove, 1.0)
    assert followed(0.0) is None
    assert followed(0.5, swing=1.5) is None
    assert followed(0.5, confidence=0.5) == (groove, 1.0)
    assert followed(0.5, confidence=0.49) is None
    assert resolve_groove(ROCK, MusicalContext()) is None
    assert resolve_groove(ROCK, MusicalContext(groove=Estimate(None, 1.0, "clip"))) is None
