"""What a transaction has written, as those who watch are told: by each kind of request, with roles and recipe."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from musearoo.bridge.core.events.incoming import Composed
from musearoo.bridge.core.events.midi import Take
from musearoo.bridge.core.press_life import InLive, InWork, TakingBack
from musearoo.bridge.core.state import Press, State
from musearoo.bridge.core.undo import Step
from musearoo.bridge.live_set.mirror import MIDI_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ApiPart,
    ApiTake,
    ApiTakeUndone,
    CreateArrangementClip,
    CreateClip,
    CreateScene,
    CreateStem,
    CreateTrack,
    Generate,
    Keep,
    LoadInstrument,
    MuteClip,
    Refine,
    ReplaceNotes,
    Result,
    SceneState,
    Split,
    Transaction,
    Undo,
)
from musearoo.bridge.protocol.codec import decode, encode_bundle, encode_notes
from musearoo.bridge.protocol.types import Message, Route
from musearoo.bridge.requests.adjust_data import ChangeSeveral
from musearoo.bridge.requests.composition import Recipe, TakePart
from musearoo.bridge.services.written_takes import describe_result, kind_of
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.note import Note
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track
from tests.bridge.stage import SECRET, TOKEN, a_script_hello
from tests.each_case import each_case

REQUEST, LINK, NOW = "device-1:7", 4, 1000.25
GENERATE = Generate(5, 7, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
REFINE = Refine(5, 7, "busier", "", 0, 0, 0, 0, 7, 0, 0, 1)
RECIPE = Recipe("funk", 99, MusicalContext.plain(bpm=96, key="Am", chords="Am F"))
NOTES = encode_notes([a_record(0.0)])


def a_part(role: Role) -> TakePart:
    """One note by a member of the band."""
    return TakePart(role, Clip(role, 4.0, (Note(0.0, 40, 1.0, 90.0),)))


def in_slot(track: int, scene: int, name: str) -> CreateClip:
    """The edit that creates a clip."""
    return CreateClip(track, scene, 1, 4.0, name, -1, 1, 4, 4, NOTES)


def a_set() -> SetMirror:
    """Two tracks with two clips each, 31 to 34, and one in the Arrangement, 35."""
    rows = (a_track(1, 0, MIDI_TRACK, "Drums"), a_track(2, 1), SceneState(8, 0, ""), SceneState(9, 1, ""))
    clips = (a_clip(31, 1, 8), a_clip(32, 2, 8), a_clip(33, 1, 9), a_clip(34, 2, 9), a_clip(35, 2, 0, length=64.0))
    return a_mirror(*rows, *clips)


def told(request: object, edits: list[Message], ids: list[int], **changed: object) -> list[Message]:
    """What is told of a request whose transaction was performed, as it arrives."""
    made = Composed(NOW, (5, 7), (Transaction(REQUEST, 0.0), *edits), recipe=RECIPE)
    made = replace(made, **changed)  # type: ignore[arg-type]
    press = Press((5, 7), REQUEST, request, 1000.0, life=InLive(LINK, a_script_hello(), None, made))  # type: ignore[arg-type]
    return describe(press, ids)


def describe(press: Press, ids: list[int]) -> list[Message]:
    state = State(TOKEN, "0.1.0", 48_000, SECRET).with_press(press)
    result = Result(REQUEST, 0, tuple(number for id in ids for number in (id, 1)))
    messages = describe_result(state, NOW, LINK, result, a_set())
    if not messages:
        return []
    arrived = decode(encode_bundle(messages), Route.DAEMON_TO_API)
    assert len(arrived) == len(messages)
    return arrived


def parts_of(messages: list[Message]) -> list[tuple[int, int, str, int, int]]:
    """Clip, number of the take, role, track and scene of each part."""
    parts = [part for part in messages if isinstance(part, ApiPart)]
    assert len(parts) == len(messages) - 1
    return [(part.clip, part.take, part.role, part.track, part.scene) for part in parts]


def test_a_clip_is_told_with_all_that_makes_it_again() -> None:
    take, part = told(GENERATE, [in_slot(1, 8, "funk drums")], [31], parts=(a_part("drums"),))
    assert take == ApiTake(
        request=REQUEST,
        live=LINK,
        session=5,
        press=7,
        kind="generate",
        name="clip",
        milliseconds=250.0,
        asked=take.asked,  # type: ignore[attr-defined]
        style="funk",
        seed=99,
        context=msgspec.msgpack.encode(RECIPE.context),
    )
    assert decode(take.asked, Route.DEVICE_TO_DAEMON) == [GENERATE]
    assert part == ApiPart(31, 1, "drums", "clip", 0, 0, 4.0, "", NOTES)


def test_each_clip_of_a_band_in_two_scenes_has_its_role_and_its_number() -> None:
    edits = [
        CreateTrack(0, 0, "BassaRoo", -1),
        LoadInstrument(-1, 0, 0, ("Bass",)),
        *(in_slot(1, 8, "drums"), in_slot(-1, 8, "bass")),
        CreateScene(0, "verse"),
        *(in_slot(1, -5, "drums"), in_slot(-1, -5, "bass")),
    ]
    band = replace(GENERATE, engine="band")
    parts = (a_part("drums"), a_part("bass"))
    take, *written = told(band, edits, [2, 2, 31, 32, 9, 33, 34], parts=parts, name="funk band: drums, bass")
    assert (take.kind, take.name) == ("band", "funk band: drums, bass")  # type: ignore[attr-defined]
    assert parts_of([take, *written]) == [
        (31, 1, "drums", 0, 0),
        (32, 1, "bass", 1, 0),
        (33, 2, "drums", 0, 1),
        (34, 2, "bass", 1, 1),
    ]


def test_clips_that_are_changed_in_place_are_parts_of_their_own() -> None:
    changes = ChangeSeveral(session=5, press=7, changes=(REFINE, REFINE))
    edits: list[Message] = [ReplaceNotes(31, NOTES), ReplaceNotes(33, NOTES)]
    take, *written = told(changes, edits, [31, 33], parts=(a_part("drums"), a_part("bass")))
    assert (take.kind, take.asked) == ("refine", b"")  # type: ignore[attr-defined]
    assert parts_of([take, *written]) == [(31, 1, "drums", 0, 0), (33, 1, "bass", 0, 1)]


def test_what_is_not_known_of_a_song_in_the_arrangement_is_said_so() -> None:
    edits: list[Message] = [CreateArrangementClip(2, 8.0, 64.0, "A", -1, NOTES)]
    messages = told(GENERATE, edits, [35], recipe=Recipe("funk", 3, None, lean=("drummaroo", "bassaroo")))
    assert parts_of(messages) == [(35, 1, "unknown", 1, -1)]
    assert (messages[0].context, messages[1].length) == (b"", 64.0)  # type: ignore[attr-defined]
    assert messages[0].lean == "drummaroo,bassaroo"  # type: ignore[attr-defined]


def test_stems_are_told_with_their_files() -> None:
    edits = [CreateTrack(1, 0, "loop · Drums", -1), CreateStem(31, -1, "/stems/drums.flac", "loop · Drums", -1)]
    made = Composed(NOW, (0, 3), (Transaction(REQUEST, 0.0), *edits), "4 stems")
    life = InLive(LINK, a_script_hello(), None, made)
    take, part = describe(Press((0, 3), REQUEST, Split(5, 3, -1, -1, "", 4, 1), 1000.0, life=life), [2, 34])
    assert (take.kind, take.session, take.press, take.seed) == ("split", 0, 0, -1)  # type: ignore[attr-defined]
    assert (part.file_path, part.notes, part.clip) == ("/stems/drums.flac", b"", 34)  # type: ignore[attr-defined]


def test_what_no_device_can_ask_for_is_told_without_the_request() -> None:
    take, _ = told(replace(REFINE, changes="darker, " * 99), [ReplaceNotes(31, NOTES)], [31])
    assert (take.kind, take.asked) == ("refine", b"")  # type: ignore[attr-defined]


def test_a_clip_that_has_gone_meanwhile_is_told_without_a_place() -> None:
    messages = told(GENERATE, [in_slot(1, 8, "funk drums")], [77])
    assert parts_of(messages) == [(0, 1, "unknown", -1, -1)]
    assert messages[1].name == "funk drums"  # type: ignore[attr-defined]


def test_a_take_that_is_kept_is_the_one_that_was_asked_for() -> None:
    messages = (Transaction(REQUEST, 0.0), in_slot(1, 8, "funk drums"))
    kept = Take(5, 6, "funk drums", (a_part("drums"),), messages, "live-1", replace(GENERATE, press=6), recipe=RECIPE)
    life = InLive(LINK, a_script_hello(), kept, Composed(NOW, (5, 7), messages))
    take, part = describe(Press((5, 7), REQUEST, Keep(5, 7, 0, 0.0, -1, -1, 0), 1000.0, life=life), [31])
    assert (take.kind, take.name, part.role) == ("generate", "funk drums", "drums")  # type: ignore[attr-defined]
    assert (take.style, take.seed) == ("funk", 99)  # type: ignore[attr-defined]
    assert decode(take.asked, Route.DEVICE_TO_DAEMON) == [kept.request]  # type: ignore[attr-defined]


@each_case("edits", [[], [MuteClip(31, 1)], [CreateTrack(0, 0, "x", -1)]])
def test_what_writes_no_clip_is_no_take(edits: list[Message]) -> None:
    assert told(GENERATE, edits, [31]) == []


def test_what_was_taken_back_is_told_by_its_request() -> None:
    life = TakingBack(LINK, a_script_hello(), NOW, (), Step("device-1:3", "Funk drums"))
    assert describe(Press((5, 7), REQUEST, Undo(5, 7), 1000.0, life=life), []) == [ApiTakeUndone(LINK, "device-1:3")]
    nobody = State(TOKEN, "0.1.0", 48_000, SECRET)
    dropped = describe_result(nobody, NOW, LINK, Result("device-1:3:drop", 0, ()), a_set())
    assert dropped == (ApiTakeUndone(LINK, "device-1:3"),)


def test_answers_that_nobody_waits_for_are_no_takes() -> None:
    nobody = State(TOKEN, "0.1.0", 48_000, SECRET)
    assert describe_result(nobody, NOW, LINK, Result(REQUEST, 0, (31, 1)), a_set()) == ()
    working = Press((5, 7), REQUEST, GENERATE, 1000.0, life=InWork(LINK, a_script_hello(), None))
    assert describe(working, [31]) == []


@pytest.mark.parametrize(
    ("request_", "kind"),
    [(GENERATE, "generate"), (replace(GENERATE, engine="drums,bass"), "band"), (REFINE, "refine"), (object(), "other")],
)
def test_kinds_have_names(request_: object, kind: str) -> None:
    assert kind_of(request_) == kind
