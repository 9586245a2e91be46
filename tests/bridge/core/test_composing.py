"""Orders that stand for several."""

from dataclasses import replace

from musearoo.bridge.core.composing import Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.protocol import (
    CreateClip,
    Transaction,
)
from musearoo.bridge.requests.adjust_data import ChangeSeveral
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import REFINE, a_mixed_set, of_kind
from tests.bridge.requests.test_generate import styles


def test_several_clips_are_changed_in_one_step_of_undo() -> None:
    """So that one undo takes all of it back."""
    changes = tuple(replace(REFINE, track=track) for track in (2, 5, 6))
    read = Compose((500, 1), 1, "device-1:1", ChangeSeveral(session=500, press=1, changes=changes), 44_100, 20.0)
    players = Players(ENGINES, styles(), play_with_patience, PatternLibrary())
    made = prepare_composition(a_mixed_set(), read, players, 1_800_000_000.0, lambda _: None)()
    assert len(of_kind(made.messages, Transaction)) == 1
    assert len(of_kind(made.messages, CreateClip)) == 3
