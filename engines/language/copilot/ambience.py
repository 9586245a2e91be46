"""Requests about endless music. While it is what was asked for last, a change without a target is its own."""

from __future__ import annotations

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.replies import ActionRequest
from musearoo.engines.language.state.situation import Situation, refusal

ITS_NAME = "atmosphere"
"""The part whose names, such as "the ambience", may mean endless music."""


def request_ambience(situation: Situation, command: Command) -> ActionRequest:
    """Request to begin, steer or end endless music."""
    along, slots = situation.view.along, command.slots
    plays = along is not None and along.ambience_at is not None
    if slots.on is False:
        if along is not None and not plays:
            raise refusal("No endless music plays: say “something calm in D”.")
        return end_ambience()
    mood = slots.mood or (slots.changes[0] if slots.changes else "")
    action = SetAction(
        intent=Intent.AMBIENCE,
        on=True,
        preset=slots.preset,
        mood=mood,
        key=slots.key,
        bpm=slots.bpm,
        follow=slots.follow,
    )
    words = [word for word in (slots.preset, mood) if word]
    words += [f"in {slots.key}"] if slots.key else []
    words += ["with the set"] if slots.follow else []
    name = " ".join(words) or ("as it is" if plays else "as ever")
    return ActionRequest(action, f"{'The endless music goes on' if plays else 'Endless music plays'}: {name}.")


def end_ambience() -> ActionRequest:
    """Request to end endless music."""
    return ActionRequest(SetAction(intent=Intent.AMBIENCE), "The endless music fades out.")


def as_ambience(situation: Situation, command: Command) -> Command:
    """Return a change ("darker") as one of endless music where that is what was asked for last; else as it is."""
    along, slots = situation.view.along, command.slots
    if along is None or along.ambience_at is None or command.intent is not Intent.CHANGE or along.audition is not None:
        return command
    made = situation.remembered.made
    is_last = not made or made[-1].at < along.ambience_at
    names_another = slots.target not in ("", ITS_NAME) or slots.targets or slots.track or slots.scene or slots.than
    if not is_last or names_another or not slots.changes:
        return command
    return Command(text=command.text, intent=Intent.AMBIENCE, slots=slots, confidence=command.confidence)
