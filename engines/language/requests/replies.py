"""RooAroo's replies: an action, a question, or an answer in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command

QUESTION_SECONDS: Final = 60.0
"""Seconds for which a question stays open."""


@dataclass(frozen=True, slots=True)
class Act:
    """An action to perform, and the sentence to say about it."""

    action: SetAction
    sentence: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that the next sentence may answer."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words without an action. `is_lost`: the sentence was not understood at all."""

    sentence: str
    is_lost: bool = False


Reply = Act | Ask | Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question: `command` is what a yes confirms, and what an answer's slots complete."""

    sentence: str
    command: Command
    slot: str = ""
    """The slot that an answer fills first, such as "target", into which a part on its own goes."""
    destroys: bool = False
    """Whether a yes deletes something that the user may miss."""
    action: SetAction | None = None
    """The action a yes confirms; if the set has changed so that the action would differ, the question is repeated."""
    suggestion: str = ""
    """The name of the suggestion it belongs to, or ""."""
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
