"""The writer: a clip and where it goes, as the edits that make it."""

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.writer import (
    NEW_SCENE,
    NEW_TRACK,
    PART_COLORS,
    PartTrack,
    SceneClips,
    notes_transaction,
    scenes_transaction,
    takes_transaction,
    timeline_transaction,
)
from musearoo.bridge.protocol import (
    CreateArrangementClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    CreateTrack,
    ReplaceNotes,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode_notes, encode_bundle
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from tests.each_case import each_case

CLIP = Clip("Waltz", 12.0, (Note(0.0, 36, 0.5, 100), Note(1 / 3, 38, 0.25, 90, mute=True)), Meter(3, 4))


def written(track: int, *, clip: Clip = CLIP, replace: bool = False, part: Role = "drums") -> tuple[Message, ...]:
    """The transaction for one clip."""
    return takes_transaction(
        [clip],
        "device-1:1",
        99.5,
        track=PartTrack.of(part, track, "DrummaRoo", SetMirror()),
        scene=9,
        replace=replace,
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


def test_replacing_is_in_the_edit() -> None:
    edit = written(4, replace=True)[-1]
    assert isinstance(edit, CreateClip)
    assert edit.where == 2


@each_case("part, color", [*PART_COLORS.items(), ("unknown", -1)])
def test_each_part_has_its_colour(part: Role, color: int) -> None:
    edit = written(4, part=part)[-1]
    assert isinstance(edit, CreateClip)
    assert edit.color == color


def test_a_clip_without_notes_can_be_sent() -> None:
    encode_bundle(written(4, clip=Clip("Rest", 4.0)))


BAND = [PartTrack.of("drums", NEW_TRACK, "DrummaRoo", SetMirror()), PartTrack.of("bass", 5, "BassaRoo", SetMirror())]


def test_scenes_that_are_new_are_named_by_later_edits() -> None:
    rows = [SceneClips(NEW_SCENE, "Verse", [(0, CLIP), (1, CLIP)]), SceneClips(9, "", [(1, CLIP)])]
    _, track, scene, *clips = scenes_transaction(BAND, rows, "device-1:1", 99.5)
    assert track == CreateTrack(0, 0, "DrummaRoo", PART_COLORS["drums"])
    assert scene == CreateScene(0, "Verse")
    made = [clip for clip in clips if isinstance(clip, CreateClip)]
    assert [(clip.track, clip.scene, clip.where) for clip in made] == [(-1, -2, 0), (5, -2, 0), (5, 9, 0)]


def test_a_timeline_has_clips_at_their_places_and_locators() -> None:
    messages = timeline_transaction(BAND, [(1, 16.0, CLIP)], [("Verse", 16.0)], "device-1:1", 99.5)
    clip, locator = messages[-2:]
    assert isinstance(clip, CreateArrangementClip)
    assert (clip.track, clip.start, clip.length) == (5, 16.0, 12.0)
    assert locator == CreateLocator(16.0, "Verse")
    encode_bundle(messages)


def test_notes_take_the_place_of_a_clip_s_own() -> None:
    _, edit = notes_transaction(7, CLIP, BAND[1], "device-1:1", 99.5)
    assert isinstance(edit, ReplaceNotes)
    assert (edit.clip, len(decode_notes(edit.notes))) == (7, 2)
