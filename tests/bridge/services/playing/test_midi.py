"""What the daemon does about live MIDI: what it has the MIDI process play, and what it makes of what that tells."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.core.events.incoming import Composed, Event, NotComposed
from musearoo.bridge.core.events.midi import (
    NO_OUTPUT,
    AuditionTake,
    BeginJam,
    EndJam,
    FollowClocks,
    FollowLive,
    JamUnderWay,
    KeepPlayed,
    MidiEffect,
    MidiSeen,
    MidiView,
    StopTake,
    Take,
    TakeSilenced,
)
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.protocol import Audition, CreateClip, Keep, PlayJam, Refusal, TransportState
from musearoo.bridge.protocol.codec import decode_notes
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Command,
    Fault,
    Follow,
    Incoming,
    PartState,
    Play,
    Ports,
    PortState,
    Report,
    Silence,
    Transport,
)
from musearoo.bridge.requests.composition import TakePart
from musearoo.bridge.services.playing.midi import LEDGER, SWITCHED_OFF, MidiService
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from tests.bridge.requests.test_generate import a_set
from tests.bridge.services.some_services import some_services

SESSION = 7


@dataclass
class QuietLink:
    """The daemon's end of a MIDI process that plays to nobody: keeps what it is sent, tells what it is told to."""

    options: MidiOptions
    tell: Callable[[Report], None]
    loop: asyncio.AbstractEventLoop | None
    sent: list[Command] = field(default_factory=list)
    is_started: bool = False
    is_closed: bool = False

    def start(self) -> None:
        self.is_started = True

    def send(self, order: Command) -> None:
        self.sent.append(order)

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Desk:
    """A MidiService with a silent link in an event loop, and all events that it reported."""

    work: MidiService
    links: list[QuietLink]
    told: list[Event]
    looks: int = 0

    @property
    def link(self) -> QuietLink:
        (link,) = self.links
        return link

    def sent(self, kind: type[Any]) -> list[Any]:
        return [order for order in self.link.sent if isinstance(order, kind)]

    def do(self, effect: MidiEffect) -> list[Command]:
        """What is sent for an effect."""
        before = len(self.link.sent)
        self.work.perform(effect)
        return self.link.sent[before:]

    def clock(
        self, beat: float = 4.0, is_running: bool = True, ago: float = 0.0, source: ClockSource = ClockSource.LIVE
    ) -> None:
        """Where the clock was so many seconds ago, at 120 BPM."""
        self.link.tell(ClockState(time.perf_counter() - ago, source, is_running, beat, 120.0, 0.0))

    def play(self, *pitches: int, beat: float = 4.0, ago: float = 0.0, length: float = 0.0) -> None:
        """Keys are struck so many seconds ago, and let go after so many beats; 0 holds them."""
        then = time.perf_counter() - ago
        for pitch in pitches:
            self.link.tell(Incoming(then, beat, "keys", bytes((0x90, pitch, 90))))
        for pitch in pitches if length else ():
            self.link.tell(Incoming(then + length / 2.0, beat + length, "keys", bytes((0x80, pitch, 64))))

    def views(self) -> list[MidiView]:
        return [event.view for event in self.told if isinstance(event, MidiSeen)]

    def seen(self) -> MidiView:
        """How it looks once somebody looks."""
        self.looks += 1
        self.work.poll(time.monotonic() + self.looks)
        return self.views()[-1]

    async def answer(self) -> Event:
        """What comes of an order that is done in a thread."""
        for _ in range(500):
            answers = [event for event in self.told if isinstance(event, Composed | NotComposed)]
            if answers:
                return answers[-1]
            await asyncio.sleep(0.01)
        raise AssertionError("nothing came of it")


Run = Callable[..., None]


@pytest.fixture
def at_desk(tmp_path: Path) -> Run:
    """Runs what happens at a desk in an event loop."""

    def run(happens: Callable[[Desk], Coroutine[Any, Any, None]], settings: Settings | None = None) -> None:
        async def sit() -> None:
            links: list[QuietLink] = []
            told: list[Event] = []

            def open_link(*arguments: Any) -> QuietLink:
                links.append(QuietLink(*arguments))
                return links[-1]

            with ThreadPoolExecutor(1) as threads:
                services = some_services(told.append, {1: a_set()}, tmp_path, settings, threads=threads)
                work = MidiService(services, open_link)  # type: ignore[arg-type]
                work.start()
                work.expect()
                try:
                    await happens(Desk(work, links, told))
                finally:
                    work.close()

        asyncio.run(sit())

    return run


def a_take(*roles: Role, session: int = SESSION) -> Take:
    clip = Clip("take", 8.0, (Note(0.0, 40, 1.0, 100.0),))
    parts = tuple(TakePart(role, clip) for role in roles)
    return Take(session, 1, "take", parts, (), "live-1", Audition(session, 1, 1, 0, 0))


def test_the_process_gets_the_settings(at_desk: Run, tmp_path: Path) -> None:
    async def happens(desk: Desk) -> None:
        desk.work.expect()
        assert desk.link.options.ledger == tmp_path / LEDGER
        assert desk.link.is_started
        assert desk.sent(Choose) == [Choose(("Keystation",), ("",), latency=0.012)]
        assert desk.sent(Follow) == [Follow((ClockSource.MIDI, ClockSource.OWN))]

    at_desk(happens, Settings(midi_in=("Keystation",), midi_latency=12.0, clock=("midi", "own")))


def test_midi_that_is_switched_off_opens_nothing_and_says_so(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        assert not desk.links
        assert desk.views() == [MidiView(problem=SWITCHED_OFF)]
        desk.work.perform(AuditionTake(a_take("drums")))
        assert desk.work.played() is None

    at_desk(happens, Settings(midi=False))


def test_a_take_begins_on_the_next_bar_line_and_is_swapped_on_one(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock(beat=5.0)
        first = desk.do(AuditionTake(a_take("drums", "bass")))
        assert [(type(order), getattr(order, "start", None)) for order in first] == [(Play, 8.0), (Play, 8.0)]
        assert all(order.part.loops for order in first if isinstance(order, Play))
        channels = [order.part.messages[0].data[0] & 0x0F for order in first if isinstance(order, Play)]
        assert channels[0] == 9, "drums sound at channel 10"
        desk.clock(beat=9.0)
        swapped = desk.do(AuditionTake(a_take("drums")))
        silenced, played = swapped
        assert isinstance(silenced, Silence)
        assert isinstance(played, Play)
        assert (silenced.beat, played.start) == (12.0, 12.0), "the bass ends where the new drums begin"
        assert played.number == first[0].number, "so that nothing lies between them"  # type: ignore[union-attr]

    at_desk(happens)


def test_a_bar_line_that_cannot_be_met_any_more_is_left_for_the_next(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock(beat=7.9)
        (play,) = desk.do(AuditionTake(a_take("bass")))
        assert isinstance(play, Play)
        assert play.start == 12.0

    at_desk(happens)


def test_what_falls_silent_does_so_on_a_bar_line_or_at_once(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock(beat=5.0)
        desk.do(AuditionTake(a_take("bass")))
        desk.do(AuditionTake(a_take("bass", session=8)))
        (at_bar,) = desk.do(StopTake(SESSION, at_bar=True))
        (at_once,) = desk.do(StopTake(8, at_bar=False))
        assert [at_bar.beat, at_once.beat] == [8.0, None]  # type: ignore[union-attr]
        assert desk.do(StopTake(SESSION, at_bar=False)) == []

    at_desk(happens)


def test_where_the_clock_stands_nothing_waits_for_a_bar_line(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock(beat=6.0, is_running=False)
        (play,) = desk.do(AuditionTake(a_take("bass")))
        assert isinstance(play, Play)
        assert play.start == 8.0
        (hushed,) = desk.do(StopTake(SESSION, at_bar=True))
        assert isinstance(hushed, Silence)
        assert hushed.beat is None

    at_desk(happens)


def test_a_take_that_ended_with_its_process_is_asked_for_once_when_there_is_another(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock()
        plays = desk.do(AuditionTake(a_take("drums", "bass")))
        for play in plays:
            desk.link.tell(PartState(play.number, 9.0, False))  # type: ignore[union-attr]
        assert not [event for event in desk.told if isinstance(event, TakeSilenced)], "nothing is there to play it yet"
        desk.clock()
        desk.clock()
        assert [event.session for event in desk.told if isinstance(event, TakeSilenced)] == [SESSION]
        desk.do(AuditionTake(a_take("drums")))
        (hushed,) = desk.do(StopTake(SESSION, at_bar=False))
        desk.link.tell(PartState(hushed.number, 9.0, False))  # type: ignore[union-attr]
        desk.clock()
        assert len([event for event in desk.told if isinstance(event, TakeSilenced)]) == 1, "that one was dropped"

    at_desk(happens)


def test_live_and_the_clocks_are_passed_on(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        now = time.perf_counter()
        (told,) = desk.do(FollowLive(TransportState(1, 6.5, 97.0, now, 4.0, 8.0)))
        assert told == Transport(now, True, 6.5, 97.0, (4.0, 8.0))
        (other,) = desk.do(FollowLive(TransportState(0, 6.5, 97.0, 3.0, 0.0, 0.0)))
        assert isinstance(other, Transport)
        assert other.loop is None
        assert abs(other.time - now) < 5.0, "a stamp of another clock says nothing"
        assert desk.do(FollowClocks((ClockSource.OWN,), 97.0)) == [Follow((ClockSource.OWN,), 97.0)]

    at_desk(happens)


def test_what_is_played_is_seen(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        assert desk.views() == []
        desk.clock()
        assert desk.seen() == MidiView(clock="live", is_running=True, bpm=120.0)
        desk.link.tell(
            Ports((PortState("MuseAroo In", True, True, True), PortState("MuseAroo Out", False, True, True)))
        )
        assert desk.seen().input == 1
        desk.play(57, 60, 64)
        seen = desk.seen()
        assert (seen.input, seen.held, seen.played) == (2, "Am", 1)
        desk.link.tell(
            Ports((PortState("MuseAroo In", True, True, True), PortState("MuseAroo Out", False, True, False)))
        )
        assert desk.seen().sentence == NO_OUTPUT
        desk.link.tell(Fault("The output is gone."))
        assert desk.seen().sentence == "The output is gone."

    at_desk(happens)


def test_notes_of_an_input_that_is_gone_are_not_held_for_ever(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock()
        desk.link.tell(Ports((PortState("keys", True, True, True),)))
        desk.play(57, 60, 64)
        desk.link.tell(Ports((PortState("keys", True, True, False),)))
        assert desk.seen().held == ""

    at_desk(happens)


@pytest.mark.parametrize("source", [ClockSource.LIVE, ClockSource.OWN], ids=["in the set", "alone"])
def test_what_was_played_is_kept(at_desk: Run, source: ClockSource) -> None:
    """In the set's time, or without an audible clock, in the player's own."""
    keep = Keep(SESSION, 3, 1, 1.0, 0, 0, 0)

    async def happens(desk: Desk) -> None:
        for place, pitch in enumerate((60, 64, 67, 72)):
            ago = 0.5 * (4 - place)
            desk.clock(4.0 + place, ago=ago, source=source)
            desk.play(pitch, beat=4.0 + place, ago=ago, length=0.5)
        desk.clock(8.0, source=source)
        desk.work.perform(KeepPlayed((SESSION, 3), 1, "device-1:3", keep, 9.0))
        made = await desk.answer()
        assert isinstance(made, Composed)
        (clip,) = [message for message in made.messages if isinstance(message, CreateClip)]
        assert sorted(note.pitch for note in decode_notes(clip.notes)) == [60, 64, 67, 72]

    at_desk(happens)


@pytest.mark.parametrize(
    ("keep", "link", "code"),
    [
        (Keep(SESSION, 3, 1, 1.0, 0, 0, 0), 1, Refusal.GONE),
        (Keep(SESSION, 3, 1, 1.0, 99, 0, 0), 1, Refusal.GONE),
        (Keep(SESSION, 3, 1, 1.0, 0, 0, 0), 2, Refusal.ENGINE_FAILED),
    ],
)
def test_a_keep_that_cannot_be_is_answered(at_desk: Run, keep: Keep, link: int, code: Refusal) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock()
        desk.work.perform(KeepPlayed((SESSION, 3), link, "device-1:3", keep, 9.0))
        failed = await desk.answer()
        assert isinstance(failed, NotComposed)
        assert failed.code is code

    at_desk(happens)


def a_jam(**changed: Any) -> BeginJam:
    order = replace(PlayJam(SESSION, 3, 1, 1, "", "funk", 0.5, 3), **changed)
    return BeginJam((SESSION, 3), JamUnderWay(order, "device-1:3", 1, "live-1"))


def test_a_jam_has_the_band_play_and_ends_with_silence(at_desk: Run) -> None:
    async def happens(desk: Desk) -> None:
        # Two beats before the bar line on which the player's bar begins, at 240 BPM.
        desk.link.tell(ClockState(time.perf_counter(), ClockSource.LIVE, True, 2.0, 240.0, 0.0))
        desk.work.perform(a_jam())
        begun = await desk.answer()
        assert isinstance(begun, Composed)
        assert (begun.name, begun.messages) == ("Jam: 1 bar each", ())
        assert desk.seen().turn == 1
        for _ in range(300):
            await asyncio.sleep(0.01)
            if desk.sent(Play):
                break
        plays = desk.sent(Play)
        assert plays, "the band plays from its first turn on"
        (start,) = {play.start for play in plays}
        assert start % 4.0 == 0.0
        assert all(play.number < 100 for play in plays), "numbers of sessions are not touched"
        assert desk.seen().turn in (2, 3)
        desk.do(EndJam(at_bar=False))
        assert {order.number for order in desk.sent(Silence)} == {play.number for play in plays}
        assert desk.seen().turn == 0

    at_desk(happens)


@pytest.mark.parametrize("changed", [{"who": "kazoo"}, {"style": "no such style"}])
def test_a_jam_with_nobody_that_there_is_does_not_begin(at_desk: Run, changed: dict[str, str]) -> None:
    async def happens(desk: Desk) -> None:
        desk.clock()
        desk.work.perform(a_jam(**changed))
        failed = await desk.answer()
        assert isinstance(failed, NotComposed)
        assert failed.code is Refusal.BAD_PARAMETER
        assert failed.sentence.startswith("Jam: ")
        assert desk.seen().turn == 0

    at_desk(happens)
