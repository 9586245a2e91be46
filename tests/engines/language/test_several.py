"""Several targets in one sentence: one request, one answer, one undo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.memory import note_done, note_undone
from musearoo.engines.language.state.preferences import NO_PREFERENCES
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView
from tests.each_case import each_case
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, question_of, track, words_of

BASS_AND_DRUMS = ("bass", "drums")


def studio(**changed: Any) -> Studio:
    return Studio(replace(BAND, **changed))


@each_case(
    "intent, slots, sentence",
    [
        (Intent.MUTE, {}, "Muting Sub Bass and Drums."),
        (Intent.SOLO, {}, "Soloing Sub Bass and Drums."),
        (Intent.LEVEL, {"up": False, "degree": "a bit"}, "Sub Bass and Drums: a bit softer."),
    ],
)
def test_tracks_are_switched_and_moved_together(intent: Intent, slots: dict[str, Any], sentence: str) -> None:
    reply = studio().ask(intent, targets=BASS_AND_DRUMS, **slots)
    assert (action_of(reply).tracks, reply.sentence) == ((2, 1), sentence)


def test_names_and_numbers_stand_beside_parts_and_each_track_counts_once() -> None:
    talk = studio()
    assert action_of(talk.ask(Intent.MUTE, targets=("track 3", "vocals", "harmony"))).tracks == (3, 4)
    talk.say(Intent.MUTE, target="drums")
    assert action_of(talk.ask(Intent.MUTE, targets=BASS_AND_DRUMS)).tracks == (2,), "the drums are muted already"
    assert words_of(talk.ask(Intent.UNMUTE, targets=("bass", "harmony"))) == "Sub Bass and Keys are not muted."


def test_where_one_of_them_is_not_there_nothing_is_done() -> None:
    assert words_of(studio().ask(Intent.MUTE, targets=("bass", "atmosphere"))) == "There is no pad to mute."
    assert "There are 4 tracks" in words_of(studio().ask(Intent.MUTE, targets=("bass", "track 9")))
    two = studio(tracks=(track(1, "Kit", "drums", 1), track(2, "Loop", "drums", 1), track(3, "Bass", "bass", 1)))
    reply = words_of(two.ask(Intent.MUTE, targets=("drums", "bass")))
    assert reply.startswith("Which one: track 1, Kit or track 2, Loop? Name each so that only one is meant")


def test_an_answer_may_name_several() -> None:
    talk = studio()
    question_of(talk.ask(Intent.MUTE))
    assert action_of(talk.ask(Intent.ANSWER, parts=BASS_AND_DRUMS)).tracks == (2, 1)
    question_of(talk.ask(Intent.PLAY))
    assert action_of(talk.ask(Intent.ANSWER, targets=BASS_AND_DRUMS)).parts == BASS_AND_DRUMS


def test_clips_are_changed_together_and_one_undo_takes_both_back() -> None:
    talk = studio()
    reply = talk.ask(Intent.CHANGE, targets=BASS_AND_DRUMS, changes=("busier",))
    each = action_of(reply).each
    assert [(one.intent, one.track, one.scene, one.changes) for one in each] == [
        (Intent.CHANGE, 2, 1, ("busier",)),
        (Intent.CHANGE, 1, 1, ("busier",)),
    ]
    assert reply.sentence == "Sub Bass in scene 1 and Drums in scene 1: busier."
    talk.do(action_of(reply))
    known = talk.memory.of("one")
    assert [(made.request, made.action.parts) for made in known.made] == [("r1", ("bass",)), ("r1", ("drums",))]
    undone = note_undone(talk.memory, "one", "r1", 200.0)
    assert undone.of("one").made == ()
    assert set(undone.preferences.parts) == {"bass", "drums"}


def test_clips_with_different_changes_are_reported_one_by_one() -> None:
    talk = studio()
    talk.say(Intent.PLAY, parts=("harmony",), changes=("much busier",))
    view = {(1, 1): 0.2, (2, 1): 0.5}
    talk.view = replace(talk.view, measure=lambda track, scene: view.get((track, scene)))
    reply = talk.ask(Intent.CHANGE, targets=BASS_AND_DRUMS, changes=("busier",), than="harmony")
    assert reply.sentence.count(" than the chords.") in (1, 2)
    assert "Sub Bass" in reply.sentence
    assert "Drums" in reply.sentence


def test_what_cannot_be_changed_together_is_reported() -> None:
    assert "is audio" in words_of(studio().ask(Intent.CHANGE, targets=("bass", "melody"), changes=("busier",)))
    replaced = studio().ask(Intent.CHANGE, targets=BASS_AND_DRUMS, changes=("busier",), replace=True)
    assert words_of(replaced) == "One clip at a time is replaced: say which."
    audition = AuditionedTake(name="bass", action=SetAction(intent=Intent.PLAY, parts=("bass",), hear=True))
    talk = studio(along=PlayAlongView(audition=audition))
    assert "changed by itself" in words_of(talk.ask(Intent.CHANGE, targets=BASS_AND_DRUMS, changes=("busier",)))


def test_several_that_are_one_are_changed_once() -> None:
    action = action_of(studio().ask(Intent.CHANGE, targets=("bass", "track 2"), changes=("busier",)))
    assert (action.each, action.track) == ((), 2)


def test_several_are_liked() -> None:
    talk = studio()
    assert words_of(talk.ask(Intent.KEEP, targets=BASS_AND_DRUMS)).startswith("None of them is mine")
    talk.say(Intent.PLAY, parts=("bass",), style="funk")
    talk.say(Intent.PLAY, parts=("drums",), style="funk")
    assert words_of(talk.ask(Intent.KEEP, targets=BASS_AND_DRUMS)) == (
        "Kept: funk bass and funk drums. I remember what you like of them."
    )
    assert talk.memory.preferences != NO_PREFERENCES
    assert words_of(talk.ask(Intent.KEEP, targets=BASS_AND_DRUMS)) == "The funk bass and funk drums are kept already."


def test_several_are_deleted_after_a_yes_that_named_them_all() -> None:
    talk = studio()
    asked = question_of(talk.ask(Intent.DELETE, targets=BASS_AND_DRUMS))
    assert asked == "Delete Sub Bass in scene 1 and Drums in scene 1? Yes or no?"
    assert action_of(talk.ask(Intent.YES)) == SetAction(intent=Intent.DELETE, what="clip", tracks=(2, 1), scene=1)
    asked = question_of(talk.ask(Intent.DELETE, targets=("track 1", "track 3")))
    assert asked == "Delete track 1, Drums and track 3, Keys (3 clips)? Yes or no?"
    assert action_of(talk.ask(Intent.YES)) == SetAction(intent=Intent.DELETE, what="track", tracks=(1, 3))
    everything = talk.ask(Intent.DELETE, targets=("track 1", "track 2", "track 3", "track 4"))
    assert words_of(everything).startswith("These are all the tracks")


def test_clips_in_different_scenes_are_deleted_one_after_the_other() -> None:
    view = replace(EMPTY, tracks=(track(1, "Drums", "drums", 2), track(2, "Bass", "bass", 3)))
    assert "are in different scenes" in words_of(Studio(view).ask(Intent.DELETE, targets=BASS_AND_DRUMS))


def test_what_is_remembered_moves_up_where_several_tracks_were_deleted() -> None:
    talk = studio()
    for part in ("bass", "drums", "harmony"):
        talk.say(Intent.PLAY, parts=(part,))
    numbers = [made.track for made in talk.memory.of("one").made]
    assert numbers == [5, 6, 7]
    talk.ask(Intent.DELETE, targets=("track 1", "track 5"))
    reply = talk.ask(Intent.YES)
    talk.memory = note_done(talk.memory, "one", action_of(reply), request="r9", name="", now=talk.now)
    assert [made.track for made in talk.memory.of("one").made if made.action.makes_clips] == [4, 5]


def test_where_no_set_is_seen_all_are_named() -> None:
    talk = Studio(replace(EMPTY, set=""))
    assert talk.ask(Intent.MUTE, targets=BASS_AND_DRUMS).sentence == "Muting the bass and the drums."
    changed = talk.ask(Intent.CHANGE, targets=BASS_AND_DRUMS, changes=("busier",))
    assert changed.sentence == "The bass and the drums: busier."
