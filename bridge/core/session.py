"""A device's session: unacknowledged messages, and the answers to its presses. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musearoo.bridge.core.events.incoming import Source
from musearoo.bridge.protocol import Answer, AutoSplit, Dials, Done, Failed, Heard, Hello, MidiState
from musearoo.bridge.protocol.types import Message

REPEAT_AFTER = 0.25
"""Seconds until an unacknowledged message is repeated: longer than a busy Max takes to answer."""

MOST_REPEATS = 12
"""Repeats after which a message is given up (3 s)."""

SILENT_AFTER = 30.0
"""Seconds without a message after which a session ends."""

ANSWERS_KEPT = 64
"""Answers stored per session, so that a late repeat of a press gets its answer and makes no second clip.

Also the most answers that wait for an acknowledgement.
"""

MOST_UNDER_WAY = 16
"""Concurrent presses of one device."""

NO_MIDI = MidiState("", 0, 0.0, 0, "", 0, "", 0, 0, "", "")
"""What a device assumes before the first MidiState."""

TERMINAL = "terminal-"
"""Prefix of instances that send one sentence and leave (`musearoo say`): no take can be auditioned for them."""

Answered = Done | Heard | Answer | Failed
"""The messages that end a press."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A numbered message that has not been acknowledged."""

    message: Answered
    sent_at: float
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A device instance, bound to the address from which it proved that it knows the secret."""

    number: int
    source: Source
    hello: Hello
    last_seen: float
    next_number: int = 1
    outbox: Mapping[int, Outgoing] = field(default_factory=dict)
    answers: Mapping[int, Answered] = field(default_factory=dict)
    mark: AutoSplit | None = None
    """The track whose new clips are split automatically."""
    dials: Dials | None = None
    """How its dials came to rest last, None before they did."""
    armed_until: float = 0.0
    """Until when the device wants the microphone kept open."""
    midi_shown: MidiState = NO_MIDI
    """The MidiState that it was sent last, or assumes."""

    @property
    def is_terminal(self) -> bool:
        """Whether it is a terminal, which leaves after its answer."""
        return self.hello.instance.startswith(TERMINAL)

    @property
    def is_client(self) -> bool:
        """Whether it is a session of a client, which is there as long as its connection."""
        return self.source.client > 0

    def seen(self, now: float) -> "Session":
        """The session after a message at `now`."""
        return replace(self, last_seen=now)

    def greeted(self, source: Source, hello: Hello, now: float) -> "Session":
        """The session after another hello of the same instance, perhaps from another port."""
        return replace(self, source=source, hello=hello, last_seen=now, midi_shown=NO_MIDI)

    def answered(self, answer: Answered, now: float) -> "Session":
        """The session after an answer to a press was sent; `answer` must carry `next_number`."""
        answers = {**self.answers, answer.press: answer}
        outbox = {**self.outbox, answer.number: Outgoing(answer, now)}
        for table in (answers, outbox):
            while len(table) > ANSWERS_KEPT:
                del table[next(iter(table))]
        if self.is_client:
            # A stream loses nothing: only datagrams are repeated.
            outbox = {}
        return replace(self, outbox=outbox, answers=answers, next_number=self.next_number + 1)

    def acknowledged(self, number: int) -> "Session":
        """The session after the device acknowledged a message."""
        return replace(self, outbox={n: out for n, out in self.outbox.items() if n != number})

    def repeated(self, now: float) -> "Repetition":
        """The messages to repeat at `now`."""
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
        """Whether the device has been silent for so long that it counts as gone."""
        return now - self.last_seen > SILENT_AFTER and not self.is_client


@dataclass(frozen=True, slots=True)
class Repetition:
    """A session with the messages to repeat now, and those that are given up."""

    session: Session
    again: tuple[Message, ...]
    given_up: tuple[Message, ...]
