"""A press that changes a clip: which is meant, and where the result goes."""

from typing import Any

import pytest

from bridge.press import PressError
from bridge.wire import (
    CreateClip,
    Refusal,
    ReplaceNotes,
    Selection,
)
from bridge.wire_codec import decode_notes
from tests.bridge.some_orders import REFINE, composed, of_kind
from tests.bridge.test_press import KEYS, VERSE, a_set


def test_a_change_goes_below_or_in_place() -> None:
    beside, inside = composed(REFINE), composed(REFINE, replace=1)
    (clip,) = of_kind(beside.messages, CreateClip)
    assert (clip.track, clip.scene, clip.where) == (KEYS, VERSE, 1)
    (notes,) = of_kind(inside.messages, ReplaceNotes)
    assert notes.clip == 20
    assert decode_notes(notes.notes) == decode_notes(clip.notes)


def test_the_clip_in_detail_view_or_a_take_by_its_number_is_meant() -> None:
    shown = a_set(Selection(KEYS, VERSE, 20))
    assert of_kind(composed(REFINE, shown, track=-1).messages, CreateClip)
    assert composed(REFINE, take=1) == composed(REFINE)
    with pytest.raises(PressError, match="has 1 takes, there is no take 2"):
        composed(REFINE, take=2)


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        ({"changes": "purpler"}, Refusal.BAD_PARAMETER, "purpler"),
        ({"style": "polka"}, Refusal.BAD_PARAMETER, "style must be one of"),
        ({"first_bar": 3, "last_bar": 2}, Refusal.BAD_PARAMETER, "bars must be"),
        ({"track": 0}, Refusal.GONE, "no clip in that slot"),
        ({"track": -1}, Refusal.GONE, "No clip is shown"),
        ({"changes": "groove of track 1"}, Refusal.GONE, "Track 1 has no clip"),
    ],
)
def test_what_cannot_be_changed_is_told(changed: dict[str, Any], code: Refusal, sentence: str) -> None:
    with pytest.raises(PressError, match=sentence) as error:
        composed(REFINE, **changed)
    assert error.value.code is code
