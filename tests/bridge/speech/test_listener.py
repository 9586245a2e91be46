"""The daemon's speech listener with real processes, a file for a microphone, and their failures."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from musearoo.bridge.speech.listener import SpeechListener
from musearoo.bridge.speech.messages import (
    ListenerArmed,
    ListenerEvent,
    ListenerFailed,
    ListenerLevel,
    ListenerOptions,
    ListenerReady,
    ListenerTranscribed,
    Talk,
)
from musearoo.bridge.speech.sound.endpoint import EndedBy
from tests.optional import require

require("pocketsphinx")

SOON = 20.0
ONE, TWO, THREE = (1, 1), (1, 2), (1, 3)
SPEECH = Path(__file__).parents[2] / "voice" / "recordings" / "mute_bass.flac"

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


class Listener:
    """A SpeechListener, and the events that it reports."""

    def __init__(self, microphone: str, recogniser: str, hung_after: float = 10.0, output: Path | None = None) -> None:
        self.events: list[ListenerEvent] = []
        self._others = workers()
        options = ListenerOptions(microphone, f"tests.bridge.speech.some_recognisers:{recogniser}", None, output)
        self.speech = SpeechListener(options, self.events.append, asyncio.get_running_loop(), hung_after)

    def workers(self) -> set[psutil.Process]:
        """The processes that it has spawned: other tests may have left some of their own."""
        return workers() - self._others

    async def end(self, talk: Talk) -> ListenerTranscribed | ListenerFailed:
        """What a talk ended by."""
        found: list[ListenerTranscribed | ListenerFailed] = []

        def has_ended() -> bool:
            found[:] = [
                each
                for each in self.events
                if isinstance(each, ListenerTranscribed | ListenerFailed) and each.talk == talk
            ]
            return bool(found)

        await until(has_ended)
        assert len(found) == 1
        return found[0]

    async def level(self, talk: Talk) -> None:
        """Waits for a level of it: it is open."""
        await until(lambda: any(isinstance(each, ListenerLevel) and each.talk == talk for each in self.events))

    def armed(self) -> list[ListenerArmed]:
        """Return the reports on the armed microphone."""
        return [each for each in self.events if isinstance(each, ListenerArmed)]

    async def let_go(self, talk: Talk) -> ListenerTranscribed | ListenerFailed:
        """Lets go of a Talk; what it ended by."""
        self.speech.let_go(talk)
        return await self.end(talk)

    async def say(self, talk: Talk, seconds: float = 0.8) -> ListenerTranscribed | ListenerFailed:
        """Holds Talk for so long from the first level on."""
        self.speech.open(talk)
        await self.level(talk)
        await asyncio.sleep(seconds)
        return await self.let_go(talk)


def is_lost(listener: Listener, times: int) -> bool:
    return listener.events.count(ListenerReady(False)) == times


async def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


def run_story(
    story: Callable[[Listener], Awaitable[None]],
    recogniser: str = "open_measuring",
    microphone: str = f"file:{SPEECH}",
    hung_after: float = 10.0,
    output: Path | None = None,
) -> None:
    """Run a story with a listener, close it, and check that no process is left."""

    async def tell() -> None:
        listener = Listener(microphone, recogniser, hung_after, output)
        try:
            await story(listener)
        finally:
            before = time.monotonic()
            listener.speech.close()
            assert time.monotonic() - before < 3.5

    others = workers()
    asyncio.run(tell())
    # One of an earlier test may end meanwhile.
    assert workers() <= others


def workers() -> set[psutil.Process]:
    """Return this process's spawned children, including zombies."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        try:
            is_spawned = "--multiprocessing-fork" in process.cmdline()
        except psutil.ZombieProcess:
            is_spawned = True
        except psutil.NoSuchProcess:
            continue
        if is_spawned:
            found.add(process)
    return found


def test_a_second_talk_is_transcribed_and_reported_in_the_loop() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.warm()
        for talk in (ONE, TWO):
            transcribed = await listener.say(talk)
            assert isinstance(transcribed, ListenerTranscribed)
            assert transcribed.ended_by is EndedBy.LET_GO
            assert 0.5 < transcribed.seconds < 3.0
            assert transcribed.text.startswith(f"{transcribed.seconds:.1f} seconds, peak ")
            assert int(transcribed.text.rpartition(" ")[2]) > 5_000
            assert transcribed.confidence == 0.75
            levels = [each for each in listener.events if isinstance(each, ListenerLevel) and each.talk == talk]
            assert max(each.level for each in levels) > 0.5
            assert levels[-1].words

    run_story(story)


@pytest.mark.long
def test_a_talk_that_is_not_let_go_ends_by_silence() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.open(ONE)
        transcribed = await listener.end(ONE)
        assert isinstance(transcribed, ListenerTranscribed)
        assert transcribed.ended_by is EndedBy.SILENCE
        listener.speech.let_go(ONE)

    run_story(story)


def test_nothing_runs_before_it_is_needed_and_nothing_of_it_keeps_the_loop() -> None:
    async def story(listener: Listener) -> None:
        assert listener.speech.pid is None
        listener.speech.let_go(ONE)
        listener.speech.drop(ONE)
        listener.speech.arm(False)
        assert listener.speech.pid is None
        started = time.perf_counter()
        listener.speech.open(ONE)
        listener.speech.drop(ONE)
        # Both processes are being started by then.
        assert time.perf_counter() - started < 0.25
        assert isinstance(await listener.say(TWO), ListenerTranscribed)
        assert {each.talk for each in listener.events if not isinstance(each, ListenerArmed | ListenerReady)} == {TWO}
        listener.speech.open(THREE)
        listener.speech.close()
        events = len(listener.events)
        await asyncio.sleep(0.1)
        assert len(listener.events) == events

    run_story(story)


def test_an_unused_listener_closes() -> None:
    async def story(listener: Listener) -> None:
        pass

    run_story(story)


@needs_signals
def test_a_process_that_dies_costs_one_talk(tmp_path: Path) -> None:
    async def story(listener: Listener) -> None:
        listener.speech.arm(True)
        listener.speech.open(ONE)
        await listener.level(ONE)
        pid = listener.speech.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        failed = await listener.end(ONE)
        assert isinstance(failed, ListenerFailed)
        assert failed.sentence.startswith("The microphone's process ended with signal 9")
        assert failed.sentence.endswith("Talk again: it is started anew.")
        assert isinstance(await listener.say(TWO), ListenerTranscribed)
        assert listener.speech.pid != pid
        # It was armed, and is again.
        assert [each.on for each in listener.armed()] == [True, False, True]

    run_story(story, output=tmp_path / "ear.log")


@needs_signals
def test_a_recogniser_that_dies_costs_nothing() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.arm(True)
        listener.speech.open(ONE)
        await listener.level(ONE)
        await until(lambda: ListenerReady(True) in listener.events)
        await asyncio.sleep(0.8)
        pid = listener.speech.pid
        for times, talk in enumerate((ONE, TWO), start=1):
            os.kill(next(each.pid for each in listener.workers() if each.pid != pid), signal.SIGKILL)
            await until(partial(is_lost, listener, times))
            transcribed = await listener.let_go(ONE) if talk == ONE else await listener.say(TWO)
            assert isinstance(transcribed, ListenerTranscribed)
            assert transcribed.text.startswith(f"{transcribed.seconds:.1f} seconds")
        assert listener.speech.pid == pid
        assert [each.is_ready for each in listener.events if isinstance(each, ListenerReady)] == [True, False] * 2 + [
            True
        ]
        assert [each.on for each in listener.armed()] == [True]

    run_story(story)


def test_speech_before_the_recogniser_is_loaded_is_kept() -> None:
    async def story(listener: Listener) -> None:
        transcribed = await listener.say(ONE)
        assert isinstance(transcribed, ListenerTranscribed)
        assert transcribed.text.startswith(f"{transcribed.seconds:.1f} seconds")
        before = listener.events[: listener.events.index(ListenerReady(True))]
        assert any(isinstance(each, ListenerLevel) for each in before), "it was said before there was a recogniser"

    run_story(story, "open_late")


def test_a_recogniser_is_exchanged_for_one_that_knows_more() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.renew()
        assert isinstance(await listener.say(ONE), ListenerTranscribed)
        pid, first = listener.speech.pid, listener.workers()
        listener.speech.renew()
        await until(lambda: listener.events.count(ListenerReady(True)) == 2)
        assert isinstance(await listener.say(TWO), ListenerTranscribed)
        assert listener.speech.pid == pid
        assert len(listener.workers() & first) == 1, "the speech process is the same"

    run_story(story)


@pytest.mark.long
@needs_signals
@pytest.mark.parametrize("wait", [0.0, 0.01, 0.03])
def test_a_talk_that_comes_just_when_the_recogniser_has_died_ends_all_the_same(wait: float) -> None:
    async def story(listener: Listener) -> None:
        assert isinstance(await listener.say(ONE), ListenerTranscribed)
        os.kill(next(each.pid for each in listener.workers() if each.pid != listener.speech.pid), signal.SIGKILL)
        await asyncio.sleep(wait)
        listener.speech.open(TWO)
        await asyncio.sleep(0.2)
        listener.speech.let_go(TWO)
        await listener.end(TWO)
        assert isinstance(await listener.say(THREE), ListenerTranscribed)

    run_story(story)


@pytest.mark.long
def test_a_recogniser_that_crashes_costs_one_talk() -> None:
    async def story(listener: Listener) -> None:
        for talk in (ONE, TWO):
            listener.speech.open(talk)
            failed = await listener.end(talk)
            assert isinstance(failed, ListenerFailed)
            assert "has ended: ear.log" in failed.sentence

    run_story(story, "open_dying")


@pytest.mark.long
@needs_signals
def test_a_process_that_hangs_is_replaced() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.open(ONE)
        await listener.level(ONE)
        assert listener.speech.pid is not None
        os.kill(listener.speech.pid, signal.SIGSTOP)
        failed = await listener.end(ONE)
        assert failed == ListenerFailed(
            ONE, "The microphone's process hung, and was ended. Talk again: it is started anew."
        )
        assert isinstance(await listener.say(TWO), ListenerTranscribed)

    run_story(story, hung_after=1.5)


@pytest.mark.long
@needs_signals
def test_a_process_that_hangs_does_not_keep_the_daemon_from_ending() -> None:
    async def story(listener: Listener) -> None:
        listener.speech.open(ONE)
        await listener.level(ONE)
        for process in listener.workers():
            process.suspend()

    run_story(story)


@pytest.mark.long
def test_a_recogniser_slower_than_speech_gets_all_of_it() -> None:
    async def story(listener: Listener) -> None:
        transcribed = await listener.say(ONE, 1.0)
        assert isinstance(transcribed, ListenerTranscribed)
        assert transcribed.text.startswith(f"{transcribed.seconds:.1f} seconds")
        assert transcribed.milliseconds > 500
        levels = [each for each in listener.events if isinstance(each, ListenerLevel)]
        assert len(levels) > 8 * (transcribed.seconds - 0.2)

    run_story(story, "open_slow")


@pytest.mark.long
def test_a_microphone_that_cannot_be_armed_is_reported_once(tmp_path: Path) -> None:
    async def story(listener: Listener) -> None:
        listener.speech.arm(True)
        await until(lambda: bool(listener.armed()))
        listener.speech.arm(True)
        await asyncio.sleep(0.1)
        (armed,) = listener.armed()
        assert not armed.on
        assert "cannot be read" in armed.sentence

    run_story(story, microphone=f"file:{tmp_path / 'none.wav'}")


def test_armed_the_half_second_before_talk_is_included(tmp_path: Path) -> None:
    # Speech in its first half second alone.
    samples = np.zeros(16_000, np.int16)
    samples[:8_000] = np.random.default_rng(1).normal(0, 3_000, 8_000).astype(np.int16)
    soundfile.write(tmp_path / "early.wav", samples, 16_000)

    async def story(listener: Listener) -> None:
        listener.speech.arm(True)
        listener.speech.arm(True)
        await until(lambda: bool(listener.armed()))
        await asyncio.sleep(0.35)
        transcribed = await listener.say(ONE, 0.2)
        assert isinstance(transcribed, ListenerTranscribed)
        assert int(transcribed.text.rpartition(" ")[2]) > 9_000
        listener.speech.arm(False)
        listener.speech.arm(False)
        await until(lambda: ListenerArmed(False, "") in listener.events)
        assert [each for each in listener.events if isinstance(each, ListenerArmed)] == [
            ListenerArmed(True, ""),
            ListenerArmed(False, ""),
        ]

    run_story(story, microphone=f"file:{tmp_path / 'early.wav'}")


@needs_signals
def test_the_speech_process_ends_with_the_daemon_that_is_killed() -> None:
    program = (
        "import asyncio, time\n"
        "from musearoo.bridge.speech.listener import SpeechListener\n"
        "from musearoo.bridge.speech.messages import ListenerOptions\n"
        "async def main():\n"
        f"    options = ListenerOptions('file:{SPEECH}', 'tests.bridge.speech.some_recognisers:open_measuring')\n"
        "    listener = SpeechListener(options, print, asyncio.get_running_loop())\n"
        "    listener.arm(True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    daemon = psutil.Popen([sys.executable, "-c", program])
    try:
        end = time.monotonic() + SOON
        while len(processes := daemon.children(recursive=True)) < 3 and time.monotonic() < end:
            time.sleep(0.02)
        assert len(processes) == 3
        time.sleep(0.3)
    finally:
        daemon.kill()
        daemon.wait()
    _, alive = psutil.wait_procs(processes, timeout=5.0)
    assert not alive


def test_each_process_imports_what_it_needs_alone() -> None:
    """The daemon names both processes' functions when it starts. SciPy would keep the recogniser waiting, and so would
    anything that can be imported while its network loads."""
    recognition = "musearoo.bridge.speech.recognition"
    for module, heavy in (
        ("musearoo.bridge.speech.process", "numpy"),
        ("musearoo.bridge.speech.recogniser_process", "numpy"),
        (f"{recognition}.opening", f"{recognition}.builds"),
        (
            ", ".join(
                f"musearoo.bridge.speech.recognition.{name}" for name in ("opening", "builds", "joint", "word_search")
            ),
            "scipy",
        ),
    ):
        code = f"import sys, {module}; sys.exit({heavy!r} in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code]).returncode == 0, f"{module} imports {heavy}"
