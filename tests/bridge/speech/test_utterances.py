"""From orders and sound to levels and text, with a clock and a microphone that the tests turn; the link is real."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

import pytest

from musearoo.bridge.speech.messages import (
    Drop,
    LetGo,
    ListenerArmed,
    ListenerEvent,
    ListenerFailed,
    ListenerLevel,
    ListenerReady,
    ListenerTranscribed,
    NeedRecogniser,
    Open,
    RecogniserStarted,
    SetArmed,
)
from musearoo.bridge.speech.recogniser_process import HUNG_AFTER, LOADS_WITHIN, RecogniserLink, serve_recogniser
from musearoo.bridge.speech.recognition.recogniser import Recognised, Recogniser
from musearoo.bridge.speech.sound.endpoint import EndedBy
from musearoo.bridge.speech.sound.format import RATE
from musearoo.bridge.speech.sound.microphones import MicrophoneError
from musearoo.bridge.speech.utterances import AGAIN, MOST_CRASHES, NOT_HELD, NOT_READY, STILL_LISTENING, UtteranceLoop
from tests.bridge.speech.some_recognisers import (
    Measuring,
    open_broken,
    open_failing,
    open_measuring,
    open_missing,
)
from tests.bridge.speech.sound.test_endpoint import SILENT, Loud, sound
from tests.each_case import each_case

SOON = 5.0
"""Real seconds for the recogniser's thread."""

HISS = -70.0


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Room:
    """A microphone at 16 kHz, into which the tests speak; it gives what its clock lets pass, or nothing at all."""

    def __init__(self, clock: Clock) -> None:
        self.name = "room"
        self.rate = RATE
        self.channels = 1
        self.dropped = 0
        self.is_running = True
        self.is_open = True
        self.gives = True
        self.floor = HISS
        self._clock = clock
        self._taken = clock.now
        self._said = b""

    def say(self, samples: bytes) -> None:
        self._said += samples

    def read(self) -> bytes:
        assert self.is_open
        seconds, self._taken = self._clock.now - self._taken, self._clock.now
        if not self.gives:
            return b""
        frames = round(seconds * RATE)
        said, self._said = self._said[: 2 * frames], self._said[2 * frames :]
        return said + sound((frames / RATE - len(said) / 2 / RATE, self.floor))

    def explain_silence(self) -> str:
        return "room is silent: unmute it"

    def close(self) -> None:
        self.is_open = False


class _Dying(Measuring):
    """Takes its process, which is a thread here, with it."""

    def feed(self, samples: bytes) -> None:
        raise SystemExit


def _serve(connection: Connection, opener: Callable[[], Recogniser]) -> None:
    with connection, contextlib.suppress(SystemExit):
        serve_recogniser(connection, opener)


class Bench:
    """A Hearing with all that it needs."""

    def __init__(self, opener: Callable[[], Recogniser] | None = open_measuring, *, hangs: bool = False) -> None:
        self.clock = Clock()
        self.rooms: list[Room] = []
        self.fault = ""
        self.events: list[ListenerEvent] = []
        self.kept: list[tuple[int, str]] = []
        self.readiness: list[ListenerReady] = []
        self.needs = 0
        self._ends: list[Connection] = []
        self.loop = UtteranceLoop(
            self,
            # Its patience is real, for so is its thread's time, but where that is what is tried.
            RecogniserLink(self.clock if hangs else time.monotonic),
            Loud,
            self._report,
            lambda samples, text: self.kept.append((len(samples), text)),
            self.clock,
        )
        self.start_recogniser(opener)

    def _report(self, event: ListenerEvent | NeedRecogniser) -> None:
        match event:
            case NeedRecogniser(lost):
                assert lost == self.needs
                self.needs += 1
            case ListenerReady():
                self.readiness.append(event)
            case _:
                self.events.append(event)

    def start_recogniser(self, opener: Callable[[], Recogniser] | None = open_measuring) -> None:
        """What the daemon does for an ear that needs one; None for one that never says anything."""
        ours, theirs = multiprocessing.Pipe()
        self._ends += [theirs, ours]
        if opener is not None:
            threading.Thread(target=_serve, args=(theirs, opener), daemon=True).start()
        self.loop.perform(RecogniserStarted(self.needs, ours))

    def wait_until_ready(self) -> None:
        until = time.monotonic() + SOON
        while not self.readiness or not self.readiness[-1].is_ready:
            self.loop.look()
            assert time.monotonic() < until
            time.sleep(0.001)

    @property
    def room(self) -> Room:
        return self.rooms[-1]

    def open(self) -> Room:
        if self.fault:
            raise MicrophoneError(self.fault)
        self.rooms.append(Room(self.clock))
        return self.room

    def press(self, talk: tuple[int, int], late: float = 0.0) -> None:
        """Opens a Talk that was pressed so many seconds ago."""
        self.loop.perform(Open(talk, self.clock.now - late))

    def pass_time(self, seconds: float) -> None:
        """Looks fifty times a second."""
        until = self.clock.now + seconds - 1e-6
        while self.clock.now < until:
            self.clock.now += 0.02
            self.loop.look()

    def end(self, talk: tuple[int, int]) -> ListenerTranscribed | ListenerFailed:
        """What a talk ended by, once the recogniser has answered; the clock stands still."""
        until = time.monotonic() + SOON
        while True:
            self.loop.look()
            for event in self.events:
                if isinstance(event, ListenerTranscribed | ListenerFailed) and event.talk == talk:
                    return event
            assert time.monotonic() < until
            time.sleep(0.001)

    def levels(self) -> list[ListenerLevel]:
        return [event for event in self.events if isinstance(event, ListenerLevel)]

    def end_recogniser(self) -> None:
        """Of one that never says anything: it ends."""
        self._ends[-2].close()

    def close(self) -> None:
        self._ends[-1].close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


ONE, TWO, THREE = (1, 1), (1, 2), (1, 3)
SPEECH = sound((1.0, -20))


def test_speech_while_talk_is_held_becomes_text(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(sound((0.3, HISS)) + SPEECH)
    bench.pass_time(1.5)
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert heard == ListenerTranscribed(ONE, "1.5 seconds, peak 3277", 0.75, 1.5, 0.0, EndedBy.LET_GO)
    assert not bench.room.is_open
    assert bench.kept == [(2 * 24_000, "1.5 seconds, peak 3277")]


def test_the_level_and_the_words_are_reported_ten_times_a_second(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(sound((1.0, -30)) + sound((1.0, -15)) + sound((1.0, 0)))
    bench.pass_time(2.9)
    levels = bench.levels()
    assert 28 <= len(levels) <= 29
    assert {event.talk for event in levels} == {ONE}
    assert levels[5].level == pytest.approx(0.5, abs=0.01)
    assert levels[15].level == pytest.approx(0.75, abs=0.01)
    assert levels[-1].level == pytest.approx(1.0, abs=0.01)
    until = time.monotonic() + SOON
    while not bench.levels()[-1].words.endswith("seconds, peak 32767"):
        # The recogniser takes its own time.
        time.sleep(0.01)
        bench.clock.now += 0.001
        bench.loop.look()
        assert time.monotonic() < until


def test_silence_after_speech_ends_it(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.room.floor = SILENT
    bench.pass_time(2.0)
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.ended_by is EndedBy.SILENCE
    bench.loop.perform(LetGo(ONE))
    assert len([event for event in bench.events if isinstance(event, ListenerTranscribed)]) == 1


def test_talk_that_is_never_let_go_ends_after_fifteen_seconds(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(sound((30.0, -20)))
    bench.pass_time(16.0)
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert (heard.ended_by, heard.text) == (EndedBy.TOO_LONG, "15.0 seconds, peak 3277")
    bench.pass_time(1.0)
    assert not bench.room.is_open


def test_where_nobody_speaks_the_microphone_is_named(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.floor = SILENT
    bench.room.say(sound((0.1, HISS)))
    bench.pass_time(5.2)
    failed = bench.end(ONE)
    assert isinstance(failed, ListenerFailed)
    assert failed.sentence.startswith("Nothing was heard: is room the right microphone?")
    assert bench.kept == []
    assert not bench.room.is_open


def test_a_click_on_talk_explains_how_to_hold_it(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.floor = SILENT
    bench.pass_time(0.1)
    bench.loop.perform(LetGo(ONE))
    assert bench.end(ONE) == ListenerFailed(ONE, NOT_HELD)


def test_words_that_were_lost_while_the_process_started_are_explained(bench: Bench) -> None:
    bench.press(ONE, late=1.2)
    bench.pass_time(0.1)
    bench.loop.perform(LetGo(ONE))
    assert bench.end(ONE) == ListenerFailed(ONE, NOT_READY)


def test_zeros_alone_are_a_microphone_that_is_forbidden(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.floor = SILENT
    bench.pass_time(1.9)
    assert not any(isinstance(event, ListenerFailed) for event in bench.events)
    bench.pass_time(0.2)
    assert bench.end(ONE) == ListenerFailed(ONE, "room is silent: unmute it")
    assert not bench.room.is_open
    assert not bench.loop.is_worn


def test_zeros_alone_are_reported_even_if_talk_is_released_early(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.floor = SILENT
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    assert bench.end(ONE) == ListenerFailed(ONE, "room is silent: unmute it")


@pytest.mark.parametrize("says_so", [True, False])
def test_a_microphone_that_vanishes_costs_that_talk_alone(bench: Bench, says_so: bool) -> None:
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(0.5)
    bench.room.is_running, bench.room.gives = not says_so, False
    bench.pass_time(0.1 if says_so else 1.2)
    failed = bench.end(ONE)
    assert isinstance(failed, ListenerFailed)
    assert failed.sentence.startswith("room has gone, or gives nothing any more: what was said is forgotten.")
    # PortAudio is not to be asked to close it, nor for another.
    assert bench.room.is_open
    assert bench.loop.is_worn


def test_a_microphone_may_take_three_seconds_to_its_first_sound(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.gives = False
    bench.pass_time(2.8)
    bench.room.gives = True
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    assert isinstance(bench.end(ONE), ListenerTranscribed)


def test_no_microphone_is_a_sentence(bench: Bench) -> None:
    bench.fault = "There is no microphone: plug one in."
    bench.press(ONE)
    assert bench.events == [ListenerFailed(ONE, "There is no microphone: plug one in.")]
    bench.fault = ""
    bench.press(TWO)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(TWO))
    assert isinstance(bench.end(TWO), ListenerTranscribed)


def test_a_second_talk_while_one_is_held_changes_nothing_of_the_first(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(0.5)
    bench.press(TWO)
    assert bench.end(TWO) == ListenerFailed(TWO, STILL_LISTENING)
    bench.loop.perform(LetGo(TWO))
    bench.pass_time(0.5)
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.seconds == 1.0


def test_a_talk_is_recorded_while_the_previous_one_is_recognised(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(sound((0.5, -20)) + sound((0.5, -10)))
    bench.pass_time(0.5)
    bench.loop.perform(LetGo(ONE))
    bench.press(TWO)
    assert len(bench.rooms) == 1
    bench.pass_time(0.5)
    bench.loop.perform(LetGo(TWO))
    first, second = bench.end(ONE), bench.end(TWO)
    assert isinstance(first, ListenerTranscribed)
    assert isinstance(second, ListenerTranscribed)
    assert (first.text, second.text) == ("0.5 seconds, peak 3277", "0.5 seconds, peak 10362")
    order = [event.talk for event in bench.events if isinstance(event, ListenerTranscribed)]
    assert order == [ONE, TWO]


def test_a_dropped_talk_is_not_reported_and_affects_no_other(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(sound((2.0, -6)))
    bench.pass_time(1.0)
    bench.loop.perform(Drop(ONE))
    assert not bench.room.is_open
    bench.events.clear()
    bench.press(TWO)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(TWO))
    heard = bench.end(TWO)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.text == "1.0 seconds, peak 3277"
    assert all(not isinstance(event, ListenerArmed | ListenerReady) and event.talk == TWO for event in bench.events)


def test_without_arming_nothing_before_talk_is_included_and_nothing_is_open(bench: Bench) -> None:
    bench.pass_time(1.0)
    assert bench.rooms == []
    bench.loop.perform(SetArmed(False))
    assert bench.rooms == []
    assert bench.events == [ListenerArmed(False, "")]


def test_armed_half_a_second_before_talk_is_included_and_no_more(bench: Bench) -> None:
    bench.loop.perform(SetArmed(True))
    assert bench.events == [ListenerArmed(True, "")]
    bench.room.say(sound((2.0, -3)) + sound((0.5, -20)) + sound((0.5, -20)))
    bench.pass_time(2.5)
    bench.press(ONE)
    bench.pass_time(0.5)
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.text == "1.0 seconds, peak 3277"
    assert bench.room.is_open
    bench.loop.perform(SetArmed(False))
    assert not bench.room.is_open


def test_disarming_forgets_what_was_before(bench: Bench) -> None:
    bench.loop.perform(SetArmed(True))
    bench.room.say(sound((0.4, -3)))
    bench.pass_time(0.4)
    bench.loop.perform(SetArmed(False))
    bench.loop.perform(SetArmed(True))
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.text == "1.0 seconds, peak 3277"


def test_disarming_while_talk_is_held_lets_it_finish(bench: Bench) -> None:
    bench.loop.perform(SetArmed(True))
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(0.5)
    bench.loop.perform(SetArmed(False))
    bench.pass_time(0.5)
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.seconds == 1.0
    assert not bench.room.is_open


def test_a_microphone_that_cannot_be_armed_is_a_sentence(bench: Bench) -> None:
    bench.fault = "no microphone"
    bench.loop.perform(SetArmed(True))
    assert bench.events == [ListenerArmed(False, "no microphone")]


def test_a_microphone_that_vanishes_while_armed_is_reported(bench: Bench) -> None:
    bench.loop.perform(SetArmed(True))
    bench.pass_time(0.5)
    bench.room.is_running = False
    bench.pass_time(0.1)
    assert bench.events[-1] == ListenerArmed(
        False, bench.events[-1].sentence if isinstance(bench.events[-1], ListenerArmed) else ""
    )
    assert bench.loop.is_worn


def test_the_pace_is_quick_only_while_there_is_something_to_hear(bench: Bench) -> None:
    paces = [bench.loop.pace]
    bench.loop.perform(SetArmed(True))
    paces.append(bench.loop.pace)
    bench.press(ONE)
    paces.append(bench.loop.pace)
    bench.loop.perform(Drop(ONE))
    bench.loop.perform(SetArmed(False))
    paces.append(bench.loop.pace)
    assert paces == [1.0, 0.1, 0.02, 1.0]


@each_case(
    "opener, sentence",
    [
        (open_missing, "pocketsphinx is not installed"),
        (open_broken, "by a fault of ours"),
        (open_failing, "fault of ours"),
    ],
)
def test_a_recogniser_that_fails_is_reported_at_once_and_retried_next_time(
    opener: Callable[[], Recogniser], sentence: str
) -> None:
    bench = Bench(opener)
    for talk in (ONE, TWO):
        bench.press(talk)
        bench.room.say(SPEECH)
        bench.pass_time(0.5)
        failed = bench.end(talk)
        assert isinstance(failed, ListenerFailed)
        assert sentence in failed.sentence
        bench.loop.perform(LetGo(talk))
    assert not bench.loop.is_worn
    bench.close()


def test_speech_while_the_recogniser_loads_is_kept() -> None:
    may_load = threading.Event()

    def open_slowly() -> Recogniser:
        may_load.wait()
        return Measuring()

    bench = Bench(open_slowly, hangs=True)
    for talk in (ONE, TWO):
        bench.press(talk)
        bench.room.say(SPEECH)
        bench.pass_time(1.5)
        bench.loop.perform(LetGo(talk))
    bench.pass_time(LOADS_WITHIN - 5.0)
    assert [event for event in bench.events if not isinstance(event, ListenerLevel)] == []
    assert bench.readiness == []
    may_load.set()
    for talk, waited in ((ONE, LOADS_WITHIN - 3.5), (TWO, LOADS_WITHIN - 5.0)):
        heard = bench.end(talk)
        assert isinstance(heard, ListenerTranscribed)
        assert (heard.text, heard.seconds) == ("1.5 seconds, peak 3277", 1.5)
        assert heard.milliseconds == pytest.approx(1000.0 * waited, abs=100.0)
    assert bench.readiness == [ListenerReady(True)]
    bench.close()


def test_a_recogniser_that_never_loads_is_given_up() -> None:
    def open_never() -> Recogniser:
        threading.Event().wait()
        raise AssertionError

    bench = Bench(open_never, hangs=True)
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    bench.pass_time(LOADS_WITHIN + 1.0)
    assert bench.end(ONE) == ListenerFailed(ONE, f"What makes text of speech was not loaded within 60 s. {AGAIN}")
    bench.close()


def test_a_recogniser_that_has_nothing_to_say_tells_why_once_it_is_loaded() -> None:
    bench = Bench(open_missing)
    bench.wait_until_ready()
    assert bench.readiness == [ListenerReady(True, "pocketsphinx is not installed. Run: …")]
    bench.close()


@each_case("is_let_go", [False, True])
def test_a_recogniser_that_ends_is_replaced_and_the_next_gets_the_utterance(is_let_go: bool) -> None:
    bench = Bench(_Dying)
    bench.wait_until_ready()
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    if is_let_go:
        bench.loop.perform(LetGo(ONE))
    until = time.monotonic() + SOON
    while not bench.needs:
        assert time.monotonic() < until
        bench.loop.look()
    assert bench.readiness == [ListenerReady(True), ListenerReady(False)]
    bench.start_recogniser()
    if not is_let_go:
        bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.text == "1.0 seconds, peak 3277"
    assert bench.needs == 1
    assert bench.readiness[-1] == ListenerReady(True)
    assert not bench.loop.is_worn
    bench.close()


def test_what_ends_two_recognisers_is_not_given_to_a_third() -> None:
    bench = Bench(_Dying)
    bench.wait_until_ready()
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    for crash in range(1, MOST_CRASHES + 1):
        until = time.monotonic() + SOON
        while bench.needs < crash:
            assert time.monotonic() < until
            bench.loop.look()
        bench.start_recogniser(_Dying)
    assert bench.end(ONE) == ListenerFailed(
        ONE, f"What makes text of speech has ended: ear.log beside the log may tell why. {AGAIN}"
    )
    assert bench.needs == MOST_CRASHES
    bench.close()


def test_a_recogniser_that_ends_while_it_loads_is_started_again_by_the_next_talk_alone() -> None:
    bench = Bench(None)
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(0.5)
    bench.end_recogniser()
    failed = bench.end(ONE)
    assert isinstance(failed, ListenerFailed)
    assert failed.sentence.startswith("What makes text of speech has ended")
    bench.pass_time(60.0)
    assert (bench.needs, bench.readiness) == (0, [])
    bench.press(TWO)
    assert (bench.needs, bench.readiness) == (1, [])
    bench.start_recogniser()
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(TWO))
    assert isinstance(bench.end(TWO), ListenerTranscribed)
    bench.close()


def test_a_recogniser_that_hangs_is_given_up() -> None:
    is_asked = threading.Event()

    class Freezing(Measuring):
        def end(self) -> Recognised:
            is_asked.set()
            threading.Event().wait()
            raise AssertionError

    bench = Bench(Freezing, hangs=True)
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.loop.perform(LetGo(ONE))
    while not is_asked.wait(0.01):
        bench.loop.look()
    bench.pass_time(HUNG_AFTER - 0.5)
    assert bench.readiness == [ListenerReady(True)]
    bench.pass_time(1.0)
    failed = bench.end(ONE)
    assert failed == ListenerFailed(ONE, f"What makes text of speech did not answer for 10 s. {AGAIN}")
    assert bench.readiness == [ListenerReady(True), ListenerReady(False)]
    assert bench.needs == 1
    assert not bench.room.is_open
    bench.close()
    assert LOADS_WITHIN > HUNG_AFTER


def test_what_is_lost_on_the_way_is_counted(bench: Bench) -> None:
    bench.press(ONE)
    bench.room.say(SPEECH)
    bench.pass_time(1.0)
    bench.room.dropped = 3
    bench.loop.perform(LetGo(ONE))
    heard = bench.end(ONE)
    assert isinstance(heard, ListenerTranscribed)
    assert heard.dropped == 3
