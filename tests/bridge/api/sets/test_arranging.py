"""A set as one piece: what is heard of it, and how loud."""

import pytest

from musearoo.bridge.api.sets.arranging import Piece, arrange
from musearoo.bridge.api.sets.performing import StoredSet
from musearoo.bridge.api.types.requests import Act, AnyRequest, Generate, Mix
from musearoo.engines.errors import ParamError
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.api.sets.some_sets import after, empty_set

DUO = (Generate(engine="drums", style="funk", bars=1), Generate(engine="bass", style="funk", bars=1))


def piece(*requests: AnyRequest) -> Piece:
    """What plays after requests to a set with drums and bass."""
    stored: StoredSet = after(empty_set(), *DUO, *requests)
    return arrange(stored.mirror, ENGINES, None)


def test_what_is_muted_or_not_soloed_is_left_out() -> None:
    cases: tuple[tuple[tuple[AnyRequest, ...], list[str]], ...] = (
        ((), ["DrummaRoo", "BassaRoo"]),
        ((Act(intent="mute", tracks=(1,)),), ["BassaRoo"]),
        ((Act(intent="solo", tracks=(1,)),), ["DrummaRoo"]),
        ((Act(intent="solo", tracks=(1,)), Act(intent="unsolo", tracks=(1,))), ["DrummaRoo", "BassaRoo"]),
    )
    for requests, names in cases:
        assert [part.name for part in piece(*requests).parts] == names, requests
    with pytest.raises(ParamError, match="'muted'"):
        piece(Act(intent="mute", tracks=(1, 2)))


def test_faders_that_were_moved_are_heard() -> None:
    assert [(part.gain_db, part.pan) for part in piece().parts] == [(None, None)] * 2
    lower = piece(Act(intent="level", tracks=(1,), db=-6.0)).parts
    assert lower[0].gain_db == pytest.approx(-6.0)
    assert lower[1].gain_db is None
    assert any(part.gain_db is not None for part in piece(Mix(style="funk")).parts)
