"""RooAroo's replies: an action, a question, or an answer in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command

ASKED_FOR: Final = 60.0
"""Seconds for which a question waits for its answer."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do, and what is said of it meanwhile."""

    action: SetAction
    sentence: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that the next sentence may answer."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words: nothing is done. `is_lost`: not even what was wanted is known."""

    sentence: str
    is_lost: bool = False


Reply = Act | Ask | Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: `command` is what a yes asks for, and what an answer in slots is put into."""

    sentence: str
    command: Command
    slot: str = ""
    """The slot that an answer fills first, such as "target": a part that is said alone goes there."""
    destroys: bool = False
    """Whether a yes takes something away that the user may miss."""
    action: SetAction | None = None
    """The action a yes confirms: where the set has changed and it would be another, it is asked again."""
    suggestion: str = ""
    """The name of the suggestion that it is, "" for none."""
    at: float = 0.0
    """When it was asked, in seconds."""


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """An action that a sentence requests, the sentence to reply, and the name of the clip or what it deletes."""

    action: SetAction
    sentence: str
    about: str = ""


class UnclearError(Exception):
    """A sentence that cannot be done as it is: what to ask or answer instead."""

    def __init__(self, reply: Question | Answer) -> None:
        super().__init__(reply.sentence)
        self.reply = reply
