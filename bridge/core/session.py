"""A device's session: what is under way to it, what it has acknowledged, which presses were answered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musearoo.bridge.core.events import Source
from musearoo.bridge.protocol import Answer, AutoSplit, Done, Failed, Heard, Hello, MidiState
from musearoo.bridge.protocol.types import Message

REPEAT_AFTER = 0.25
"""Seconds until an unacknowledged message is sent again: longer than a busy Max takes to answer."""

MOST_REPEATS = 12
"""Repeats after which a device counts as deaf for that message (3 s)."""

SILENT_AFTER = 30.0
"""Seconds without a sign of life after which a session ends."""

ANSWERS_KEPT = 64
"""Answered presses that are remembered, so that a late repeat gets its answer and makes no second clip.

As many answers at most wait for their acknowledgement.
"""

MOST_UNDER_WAY = 16
"""Presses of one device that may be under way at once."""

NO_MIDI = MidiState("", 0, 0.0, 0, "", 0, "", 0, 0, "", "")
"""What a device takes for granted before it is told."""

TERMINAL = "terminal-"
"""How the instances of sessions begin that say one sentence and leave: nothing can sound for them."""

Answered = Done | Heard | Answer | Failed
"""How a press ends."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A numbered message that waits for its acknowledgement."""

    message: Answered
    sent_at: float
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One device instance, bound to the address from which it proved itself."""

    number: int
    source: Source
    hello: Hello
    last_heard: float
    next_number: int = 1
    outbox: Mapping[int, Outgoing] = field(default_factory=dict)
    answers: Mapping[int, Answered] = field(default_factory=dict)
    mark: AutoSplit | None = None
    """The track whose clips are split by themselves, as the device named it."""
    armed_until: float = 0.0
    """Until when it wants the microphone kept open."""
    midi_shown: MidiState = NO_MIDI
    """What it was last told of live MIDI, or takes for granted."""

    @property
    def is_terminal(self) -> bool:
        """Whether it leaves once it was answered."""
        return self.hello.instance.startswith(TERMINAL)

    def heard(self, now: float) -> "Session":
        """The session with its silence broken."""
        return replace(self, last_heard=now)

    def greeted(self, source: Source, hello: Hello, now: float) -> "Session":
        """The session after another hello of the same instance, which may have moved to another port."""
        return replace(self, source=source, hello=hello, last_heard=now, midi_shown=NO_MIDI)

    def answered(self, answer: Answered, now: float) -> "Session":
        """The session with a press's answer on its way; `answer` must carry `next_number`."""
        answers = {**self.answers, answer.press: answer}
        outbox = {**self.outbox, answer.number: Outgoing(answer, now)}
        for table in (answers, outbox):
            while len(table) > ANSWERS_KEPT:
                del table[next(iter(table))]
        return replace(self, outbox=outbox, answers=answers, next_number=self.next_number + 1)

    def acknowledged(self, number: int) -> "Session":
        """The session without the message that the device says it has."""
        return replace(self, outbox={n: out for n, out in self.outbox.items() if n != number})

    def repeated(self, now: float) -> "Repetition":
        """What is due to be sent again at `now`."""
        outbox, again, given_up = {}, [], []
        for number, out in self.outbox.items():
            if now - out.sent_at < REPEAT_AFTER:
                outbox[number] = out
            elif out.repeats >= MOST_REPEATS:
                given_up.append(out.message)
            else:
                outbox[number] = Outgoing(out.message, now, out.repeats + 1)
                again.append(out.message)
        if not again and not given_up:
            return Repetition(self, (), ())
        return Repetition(replace(self, outbox=outbox), tuple(again), tuple(given_up))

    def is_silent(self, now: float) -> bool:
        """Whether the device has been quiet for so long that it counts as gone."""
        return now - self.last_heard > SILENT_AFTER


@dataclass(frozen=True, slots=True)
class Repetition:
    """A session after a look at the clock: the messages to send again, and those that the device will not take."""

    session: Session
    again: tuple[Message, ...]
    given_up: tuple[Message, ...]
