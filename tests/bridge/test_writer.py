"""The writer: a clip and where it goes, as the edits that make it."""

import pytest

from bridge.wire import CreateClip, CreateTrack, Transaction
from bridge.wire_codec import decode_notes, encode_bundle
from bridge.wire_types import Message
from bridge.writer import NEW_TRACK, PART_COLORS, clip_transaction
from engines.music.clip import Clip
from engines.music.meter import Meter
from engines.music.note import Note

CLIP = Clip("Waltz", 12.0, (Note(0.0, 36, 0.5, 100), Note(1 / 3, 38, 0.25, 90, mute=True)), Meter(3, 4))


def written(track: int, *, clip: Clip = CLIP, replace: bool = False, part: str = "drums") -> tuple[Message, ...]:
    """The transaction for one clip."""
    return clip_transaction(
        *(clip, "device-1:1", 99.5), track=track, scene=9, replace=replace, part=part, track_name="DrummaRoo"
    )


def test_a_clip_on_a_track_that_there_is() -> None:
    head, edit = written(4)
    assert head == Transaction("device-1:1", 99.5)
    assert isinstance(edit, CreateClip)
    assert (edit.track, edit.scene, edit.where, edit.length, edit.name, edit.looping) == (4, 9, 1, 12.0, "Waltz", 1)
    assert (edit.numerator, edit.denominator, edit.color) == (3, 4, PART_COLORS["drums"])
    assert [(note.start, note.pitch, note.mute) for note in decode_notes(edit.notes)] == [(0.0, 36, 0), (1 / 3, 38, 1)]


def test_a_clip_on_a_track_that_is_made_with_it() -> None:
    _, track, edit = written(NEW_TRACK)
    assert track == CreateTrack(0, 0, "DrummaRoo", PART_COLORS["drums"])
    assert isinstance(edit, CreateClip)
    # -1 names what the first edit of the transaction made.
    assert edit.track == -1


def test_replacing_is_said_in_the_edit() -> None:
    edit = written(4, replace=True)[-1]
    assert isinstance(edit, CreateClip)
    assert edit.where == 2


@pytest.mark.parametrize(("part", "color"), [*PART_COLORS.items(), ("kazoo", -1)])
def test_each_part_has_its_colour(part: str, color: int) -> None:
    edit = written(4, part=part)[-1]
    assert isinstance(edit, CreateClip)
    assert edit.color == color


def test_a_clip_without_notes_can_be_sent() -> None:
    encode_bundle(written(4, clip=Clip("Rest", 4.0)))
