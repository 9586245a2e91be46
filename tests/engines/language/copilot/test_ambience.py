"""Sentences about endless music: begun, changed while it is what was asked for last, and ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView
from tests.each_case import each_case
from tests.engines.language.studio import BAND, Studio, action_of, words_of


def studio(at: float | None, **along: Any) -> Studio:
    """Return a band's set in which endless music was asked for at a moment."""
    return Studio(replace(BAND, along=PlayAlongView(ambience_at=at, **along)))


@each_case(
    "slots, action, words",
    [
        ({"mood": "calm", "key": "D major"}, {"mood": "calm", "key": "D major"}, "calm in D major"),
        ({"preset": "night bus", "follow": True}, {"preset": "night bus", "follow": True}, "night bus with the set"),
        ({"changes": ("much darker",)}, {"mood": "much darker"}, "much darker"),
        ({}, {}, "as ever"),
    ],
)
def test_it_begins_as_the_sentence_says(slots: dict[str, Any], action: dict[str, Any], words: str) -> None:
    reply = studio(None).ask(Intent.AMBIENCE, on=True, **slots)
    assert action_of(reply) == SetAction(intent=Intent.AMBIENCE, on=True, **action)
    assert reply.sentence == f"Endless music plays: {words}."


def test_a_change_without_a_target_is_its_own_while_it_was_asked_for_last() -> None:
    talk = studio(200.0)
    reply = talk.ask(Intent.CHANGE, changes=("darker",))
    assert action_of(reply) == SetAction(intent=Intent.AMBIENCE, on=True, mood="darker")
    assert reply.sentence == "The endless music goes on: darker."
    assert action_of(talk.ask(Intent.CHANGE, target="atmosphere", changes=("busier",))).intent is Intent.AMBIENCE
    assert action_of(talk.ask(Intent.CHANGE, target="bass", changes=("busier",))).intent is Intent.CHANGE
    talk = studio(50.0)
    talk.say(Intent.PLAY, parts=("bass",))
    assert action_of(talk.ask(Intent.CHANGE, changes=("darker",))).intent is Intent.CHANGE, "the bass came later"


def test_stop_ends_it_after_what_is_under_way_and_what_is_heard() -> None:
    assert action_of(studio(1.0).ask(Intent.CANCEL)) == SetAction(intent=Intent.AMBIENCE)
    assert action_of(studio(1.0).ask(Intent.AMBIENCE, on=False)) == SetAction(intent=Intent.AMBIENCE)
    assert action_of(studio(1.0, under_way=1).ask(Intent.CANCEL)).intent is Intent.CANCEL
    assert action_of(studio(1.0, jams=True).ask(Intent.CANCEL)).intent is Intent.JAM
    heard = AuditionedTake(name="funk bass", action=SetAction(intent=Intent.PLAY, parts=("bass",)), at=100.0)
    assert action_of(studio(1.0, audition=heard).ask(Intent.CANCEL)).intent is Intent.HEAR
    assert words_of(studio(None).ask(Intent.AMBIENCE, on=False)).startswith("No endless music plays")
