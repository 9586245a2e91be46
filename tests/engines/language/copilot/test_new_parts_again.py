"""Another take: of what was made, tried, undone or auditioned last."""

from __future__ import annotations

from dataclasses import replace

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView
from tests.engines.language.studio import BAND, EMPTY, Studio, action_of, track


def test_what_failed_is_tried_once_more_while_its_track_is_there() -> None:
    studio = Studio(BAND)
    first = action_of(studio.ask(Intent.PLAY, parts=("bass",), track=2))
    studio.fail()
    assert action_of(studio.ask(Intent.AGAIN)) == first
    studio.fail()
    assert action_of(studio.ask(Intent.AGAIN, target="harmony")) != first
    studio.view = replace(studio.view, tracks=BAND.tracks[:1])
    assert isinstance(studio.ask(Intent.AGAIN), Answer)
    studio.view = replace(studio.view, set="")
    mute = Studio(BAND)
    mute.ask(Intent.MUTE, targets=("bass", "drums"))
    mute.fail()
    assert action_of(mute.ask(Intent.AGAIN)).tracks == (2, 1)
    mute.view = replace(mute.view, tracks=BAND.tracks[:1])
    assert isinstance(mute.ask(Intent.AGAIN), Answer)


def test_what_was_taken_back_is_meant_before_what_stands() -> None:
    studio = Studio()
    studio.say(Intent.PLAY, parts=("bass",))
    studio.say(Intent.PLAY, parts=("drums",))
    studio.say(Intent.UNDO)
    assert action_of(studio.ask(Intent.AGAIN)).parts == ("drums",)
    assert action_of(studio.ask(Intent.AGAIN, target="bass")).parts == ("bass",)
    muted = Studio(BAND)
    muted.say(Intent.PLAY, parts=("bass",))
    muted.say(Intent.MUTE, track=1)
    muted.say(Intent.UNDO)
    assert action_of(muted.ask(Intent.AGAIN)).parts == ("bass",)


def test_again_goes_to_the_next_place_from_where_the_last_one_stands() -> None:
    studio = Studio(BAND)
    studio.say(Intent.PLAY, parts=("bass",), track=2, bpm=100.0, scene="2")
    made = action_of(studio.ask(Intent.AGAIN))
    assert (made.track, made.scene, made.bpm, made.takes) == (2, 2, 0.0, 1)
    asked = action_of(studio.ask(Intent.AGAIN, scene="3", target="bass", takes=2))
    assert (asked.scene, asked.takes) == (3, 2)
    studio.view = replace(studio.view, tracks=BAND.tracks[:1])
    assert action_of(studio.ask(Intent.AGAIN)).track == 0
    own = Studio()
    own.say(Intent.PLAY, parts=("bass",))
    assert action_of(own.ask(Intent.AGAIN)).track == 0


def test_one_part_of_several_is_played_again_alone() -> None:
    studio = Studio()
    studio.do(SetAction(intent=Intent.PLAY, parts=("drums", "bass"), bars=4, scene=1))
    assert action_of(studio.ask(Intent.AGAIN, target="bass")).parts == ("bass",)
    assert action_of(studio.ask(Intent.AGAIN)).parts == ("drums", "bass")


def test_another_take_of_a_clip_of_the_users_is_a_change_of_it() -> None:
    studio = Studio(BAND)
    action = action_of(studio.ask(Intent.AGAIN, target="bass", takes=3))
    change = SetAction(intent=Intent.CHANGE, parts=("bass",), changes=("again",), takes=3, track=2, scene=1)
    assert action == change
    assert action_of(studio.ask(Intent.AGAIN, track=2)) == replace(change, takes=1)
    nameless = Studio(replace(EMPTY, tracks=(track(1, "Thing", "", 1),)))
    assert action_of(nameless.ask(Intent.AGAIN, track=1)).parts == ()
    assert isinstance(studio.ask(Intent.AGAIN, target="melody"), Answer)


def test_a_clip_that_was_changed_and_has_gone_is_changed_where_it_became() -> None:
    studio = Studio(BAND)
    studio.do(SetAction(intent=Intent.CHANGE, changes=("darker",), track=2, scene=1))
    changed = action_of(studio.ask(Intent.AGAIN))
    assert (changed.intent, changed.changes, changed.track, changed.scene) == (Intent.CHANGE, ("darker",), 2, 1)
    made = studio.memory.of("one").made[-1]
    assert (made.track, made.scene) == (2, 2)
    left = tuple(replace(one, clips=one.clips - {1}) for one in studio.view.tracks)
    studio.view = replace(studio.view, tracks=left)
    again = action_of(studio.ask(Intent.AGAIN))
    assert (again.changes, again.track, again.scene) == (("again",), 2, 2)
    studio.view = replace(studio.view, tracks=tuple(replace(one, clips=frozenset()) for one in left))
    assert isinstance(studio.ask(Intent.AGAIN), Answer)


def test_what_replaced_something_replaces_nothing_again() -> None:
    studio = Studio()
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), replace=True, scene=1))
    assert not action_of(studio.ask(Intent.AGAIN)).replace


def test_another_of_what_is_heard_is_heard_and_several_are_written() -> None:
    take = SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", hear=True, scene=1)
    audition = AuditionedTake(name="take", action=take)
    studio = Studio(replace(BAND, along=PlayAlongView(audition=audition, played=4)))
    assert action_of(studio.ask(Intent.AGAIN)) == take
    assert action_of(studio.ask(Intent.AGAIN, target="bass")) == take
    assert action_of(studio.ask(Intent.AGAIN, takes=1)) == take
    assert not action_of(studio.ask(Intent.AGAIN, target="drums")).hear
    assert not action_of(studio.ask(Intent.AGAIN, track=2)).hear
    studio.say(Intent.PLAY, parts=("harmony",))
    several = studio.ask(Intent.AGAIN, takes=2)
    assert isinstance(several, Act)
    assert (several.action.hear, several.action.parts) == (False, ("harmony",))
