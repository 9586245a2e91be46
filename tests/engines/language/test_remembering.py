"""The memory of sets and actions: how much, how long, and renumbering after deletions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import DoneAction, SetAction
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.replies import QUESTION_SECONDS, Question
from musearoo.engines.language.state.memory import (
    MOST_MADE,
    MOST_SETS,
    MOST_TURNS,
    Memory,
    SetMemory,
    note_done,
    note_failed,
    note_not_kept,
    note_undone,
)
from musearoo.engines.language.state.preferences import NO_PREFERENCES
from musearoo.engines.language.state.track_following import follow
from tests.engines.language.studio import BAND, Studio, track

ASKED = Question(sentence="What?", command=Command(text="", intent=Intent.PLAY), at=100.0)


def play(part: str = "bass", **fields: Any) -> SetAction:
    """Return an action that plays a part."""
    return SetAction(intent=Intent.PLAY, **{"parts": (part,), **fields})


def done(*actions: tuple[SetAction, int, int], memory: Memory | None = None) -> Memory:
    """Return the memory after actions, each with its track and scene, as requests r1, r2 and so on."""
    memory = memory or Memory()
    for number, (action, at, scene) in enumerate(actions, 1):
        request = f"r{number}"
        memory = note_done(
            memory, "one", action, request=request, name=request.upper(), track=at, scene=scene, now=1.0 * number
        )
    return memory


def places(memory: Memory) -> list[tuple[str, int, int]]:
    """Return the positions of what was made."""
    return [(made.request, made.track, made.scene) for made in memory.of("one").made]


def test_a_question_is_open_for_a_minute() -> None:
    known = SetMemory(question=ASKED)
    for now, is_open in (
        (99.9, False),
        (100.0, True),
        (100.0 + QUESTION_SECONDS, True),
        (100.1 + QUESTION_SECONDS, False),
    ):
        assert (known.open_question(now) is ASKED) is is_open, now
    assert SetMemory().open_question(100.0) is None


def test_eight_sets_are_remembered_the_ones_that_were_spoken_of_last() -> None:
    memory = Memory()
    for number in range(MOST_SETS):
        memory = memory.with_set(str(number), SetMemory(focus=str(number)))
    assert list(memory.sets) == [str(number) for number in range(MOST_SETS)]
    memory = memory.with_set("0", SetMemory(focus="again"))
    assert len(memory.sets) == MOST_SETS
    memory = memory.with_set("new", SetMemory(focus="new"))
    assert list(memory.sets) == ["2", "3", "4", "5", "6", "7", "0", "new"]
    assert memory.of("0").focus == "again"
    assert memory.of("1") == SetMemory()


def test_a_limited_number_of_actions_and_turns_is_remembered() -> None:
    memory = done(*((play(), 1, number) for number in range(1, MOST_MADE + 3)))
    made = memory.of("one").made
    assert (len(made), made[0].request, made[-1].request) == (MOST_MADE, "r3", f"r{MOST_MADE + 2}")
    studio = Studio()
    for number in range(MOST_TURNS + 3):
        studio.ask(Intent.HELP, text=f"help {number}")
    turns = studio.memory.of("one").turns
    assert (len(turns), turns[0].sentence, turns[-1].sentence) == (MOST_TURNS, "help 3", f"help {MOST_TURNS + 2}")


def test_actions_that_create_clips_are_counted_for_hints() -> None:
    mute = SetAction(intent=Intent.MUTE, tracks=(1,))
    assert done((play(), 1, 1), (mute, 0, 0), (play(), 1, 2)).of("one").unhinted == 2


def test_a_new_action_clears_undone_failed_and_focus() -> None:
    memory = done((play(), 1, 1), (play("drums"), 2, 1))
    memory = note_undone(memory, "one", "r2", 9.0)
    known = memory.of("one")
    assert known.undone is not None
    assert (known.undone.request, known.undone.at) == ("r2", 9.0)
    memory = note_failed(memory, "one", play("melody"))
    assert memory.of("one").failed == play("melody")
    memory = memory.with_set("one", replace(memory.of("one"), focus="r1"))
    after = note_done(memory, "one", play(), request="r9", name="", now=10.0).of("one")
    assert (after.undone, after.failed, after.focus) == (None, None, "")
    undone = note_undone(memory, "one", "r1", 11.0).of("one")
    assert (undone.failed, undone.made) == (None, ())


def test_what_is_not_known_cannot_be_taken_back() -> None:
    memory = done((play(), 1, 1))
    assert note_undone(memory, "one", "gone", 9.0) is memory


def test_what_was_taken_back_was_not_liked_and_what_was_heard_first_was() -> None:
    memory = note_undone(done((play(), 1, 1)), "one", "r1", 9.0)
    assert (memory.preferences.parts["bass"].kept, memory.preferences.parts["bass"].undone) == (0, 1)
    memory = done((play(hear=True), 1, 1))
    assert (memory.preferences.parts["bass"].kept, memory.preferences.parts["bass"].undone) == (1, 0)
    made = memory.of("one").made[-1]
    assert (made.kept, made.action.hear) == (True, False)
    plain = done((play(), 1, 1))
    assert plain.preferences == NO_PREFERENCES
    assert not plain.of("one").made[-1].kept


def test_what_could_not_be_noted_as_kept_may_be_kept_again() -> None:
    memory = done((play(hear=True), 1, 1), (play(hear=True), 1, 2), (play(hear=True), 1, 3))
    memory = note_not_kept(memory, "one", ("r1", "r3"))
    assert [made.kept for made in memory.of("one").made] == [False, True, False]


def test_a_button_that_says_no_more_than_busier_changes_what_is_known() -> None:
    source = play(
        bars=4, key="D minor", chords="Dm", manner="walking", complexity=0.3, density=0.4, humanise=0.2, swing=1.5
    )
    change = SetAction(intent=Intent.CHANGE, changes=("busier", "darker", "denser"), track=1, scene=1)
    made = done((source, 1, 1), (change, 1, 2)).of("one").made[-1].action
    assert made == replace(
        source, intent=Intent.CHANGE, changes=change.changes, track=1, scene=1, complexity=0.5, density=0.6
    )
    own = replace(change, parts=("drums",), bars=2, key="C major", chords="C", manner="pedal", swing=2.0)
    made = done((source, 1, 1), (own, 1, 2)).of("one").made[-1].action
    assert made == replace(own, complexity=0.5, density=0.6, humanise=0.2)
    for amounts in ({"complexity": 0.7}, {"density": 0.1}, {"humanise": 0.9}):
        whole = replace(change, **amounts)  # type: ignore[arg-type]
        assert done((source, 1, 1), (whole, 1, 2)).of("one").made[-1].action == whole, amounts
    elsewhere = replace(change, scene=2)
    assert done((source, 1, 1), (elsewhere, 1, 3)).of("one").made[-1].action == elsewhere


def test_several_clips_changed_together_are_one_request() -> None:
    each = tuple(SetAction(intent=Intent.CHANGE, changes=("darker",), track=at, scene=1) for at in (1, 2, 3))
    memory = done((SetAction(intent=Intent.CHANGE, each=each), 3, 5))
    assert places(memory) == [("r1", 1, 0), ("r1", 2, 0), ("r1", 3, 5)]


def test_it_is_the_newest_clip_or_track_or_what_was_gone_back_to() -> None:
    mute = SetAction(intent=Intent.MUTE, tracks=(2,))
    tempo = SetAction(intent=Intent.TEMPO, bpm=90.0)
    gone = SetAction(intent=Intent.DELETE, what="track", tracks=(8, 9))
    known = done((play(), 1, 1), (mute, 0, 0), (tempo, 0, 0), (gone, 0, 0)).of("one")
    assert known.it is not None
    assert known.clip is not None
    assert (known.it.request, known.clip.request) == ("r2", "r1")
    back = replace(known, focus="r1")
    assert back.it is not None
    assert back.it.request == "r1"
    lost = replace(known, focus="gone")
    assert lost.it is known.it
    assert (SetMemory().it, SetMemory().clip) == (None, None)
    only = done((mute, 0, 0)).of("one")
    assert only.clip is None


def test_the_newest_of_a_part_may_be_of_the_band_and_is_at_its_place() -> None:
    known = done((play(), 1, 1), (play("band"), 2, 1), (play("drums"), 3, 1), (play("drums"), 3, 1)).of("one")
    for part, request in (("bass", "r2"), ("drums", "r4"), ("melody", "r2")):
        found = known.newest(part)
        assert found is not None
        assert found.request == request, part
    assert done((play(), 1, 1)).of("one").newest("drums") is None
    at = known.made_at(3, 1)
    assert at is not None
    assert at.request == "r4"
    assert (known.made_at(3, 2), known.made_at(1, 2)) == (None, None)


def test_behind_a_track_that_was_deleted_all_move_up() -> None:
    mute = SetAction(intent=Intent.MUTE, tracks=(1, 2, 3))
    memory = done((play(), 1, 1), (play("drums"), 2, 1), (play("melody"), 3, 1), (mute, 0, 0))
    deleted = note_done(
        memory, "one", SetAction(intent=Intent.DELETE, what="track", track=2), request="d", name="", now=9.0
    )
    assert places(deleted) == [("r1", 1, 1), ("r3", 2, 1), ("r4", 0, 0), ("d", 0, 0)]
    assert deleted.of("one").made[2].action.tracks == (1, 2)
    several = SetAction(intent=Intent.DELETE, what="track", tracks=(1, 2))
    deleted = note_done(memory, "one", several, request="d", name="", now=9.0)
    assert places(deleted)[0] == ("r3", 1, 1)


def test_behind_a_scene_that_was_deleted_all_move_up() -> None:
    memory = done((play(), 1, 1), (play(), 1, 2), (play(), 1, 3))
    action = SetAction(intent=Intent.DELETE, what="scene", scene=2)
    deleted = note_done(memory, "one", action, request="d", name="", now=9.0)
    assert places(deleted)[:2] == [("r1", 1, 1), ("r3", 1, 2)]


def test_a_clip_that_was_deleted_is_forgotten_and_nothing_moves() -> None:
    memory = done((play(), 1, 1), (play(), 1, 2), (play(), 2, 1), (SetAction(intent=Intent.MUTE, tracks=(1,)), 1, 1))
    action = SetAction(intent=Intent.DELETE, what="clip", track=1, scene=1)
    deleted = note_done(memory, "one", action, request="d", name="", now=9.0)
    assert places(deleted) == [("r2", 1, 2), ("r3", 2, 1), ("r4", 1, 1), ("d", 0, 0)]
    both = SetAction(intent=Intent.DELETE, what="clip", tracks=(1, 2), scene=1)
    deleted = note_done(memory, "one", both, request="d", name="", now=9.0)
    assert [request for request, _, _ in places(deleted)] == ["r2", "r4", "d"]


def test_tracks_are_followed_by_their_names() -> None:
    made = DoneAction(action=play(), request="r1", name="", track=2, scene=1)
    several = DoneAction(action=SetAction(intent=Intent.MUTE, tracks=(1, 3)), request="r2", name="")
    seen = follow(SetMemory(made=(made, several)), BAND)
    assert [one.track_names for one in seen.made] == [("Sub Bass",), ("Drums", "Keys")]
    turned = replace(BAND, tracks=tuple(replace(one, number=5 - one.number) for one in BAND.tracks))
    moved = follow(seen, turned)
    assert (moved.made[0].track, moved.made[1].action.tracks) == (3, (4, 2))
    assert follow(seen, BAND) == seen
    assert follow(seen, replace(turned, set="")) == seen
    twice = replace(BAND, tracks=(track(1, "Drums"), track(2, "New"), track(3, "Sub Bass"), track(4, "Sub Bass")))
    lost = follow(seen, twice)
    assert (lost.made[0].track, lost.made[1].action.tracks) == (0, (1, 0))
    nameless = follow(SetMemory(made=(replace(made, track=9),)), BAND)
    assert nameless.made[0].track_names == ("",)
    assert follow(nameless, turned).made[0].track == 9
