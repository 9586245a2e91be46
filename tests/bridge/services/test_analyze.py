"""Analysis requests: audio goes through the queue and can be cancelled, notes are read in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from musearoo.bridge.core.events.effects import AnalyzeClip
from musearoo.bridge.core.events.incoming import Analyzed, Event, NotComposed, Progressed
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipNotes, Refusal, SetTempo
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.services.analyze import AnalysisService
from tests.bridge.live_set.test_listening import a_set
from tests.bridge.live_set.test_mirror import a_clip, a_record, a_track
from tests.bridge.requests.test_findings import FOUND, a_question, audio_set
from tests.bridge.services.some_services import some_services
from tests.bridge.stage import REQUEST

KEY = (1, 7)


class SomeListener:
    """An analysis queue that answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Passage, bool]] = []
        self.is_taken_back = False
        self.answer: Callable[[Any], None]
        self.show: Callable[[float, str], None]

    def ask(self, passage: Passage, deep: bool, answer: Any, show: Any) -> Callable[[], None]:
        self.asked.append((passage, deep))
        self.answer, self.show = answer, show
        return self._take_back

    def _take_back(self) -> None:
        self.is_taken_back = True


class Room:
    """The work on one press about a set."""

    def __init__(self, mirror: SetMirror) -> None:
        self.told: list[Event] = []
        self.listener = SomeListener()
        self.work = AnalysisService(some_services(self.told.append, {1: mirror}, listener=self.listener))

    def begin(self, **asked: int) -> None:
        self.work.begin(AnalyzeClip(KEY, 1, REQUEST, a_question(**asked)))


def test_audio_is_analyzed_and_the_requested_findings_written() -> None:
    room = Room(audio_set())
    room.begin(deep=1, tempo=1)
    ((passage, deep),) = room.listener.asked
    assert (passage.path, deep) == ("/loops/10.wav", True)
    room.listener.show(0.5, "beats")
    room.listener.answer(FOUND)
    progressed, analyzed = room.told
    assert isinstance(progressed, Progressed)
    assert (progressed.key, progressed.fraction) == (KEY, 0.5)
    assert isinstance(analyzed, Analyzed)
    assert any(isinstance(edit, SetTempo) for edit in analyzed.messages)
    room.work.stop(KEY)
    assert not room.listener.is_taken_back, "it has its answer"


def test_a_press_that_is_cancelled_takes_its_question_back() -> None:
    room = Room(audio_set())
    room.begin()
    room.work.stop((1, 8))
    assert not room.listener.is_taken_back
    room.work.stop(KEY)
    assert room.listener.is_taken_back


def test_files_that_cannot_be_analyzed_are_reported() -> None:
    room = Room(audio_set())
    room.begin()
    room.listener.answer("/loops/10.wav is gone.")
    (failed,) = room.told
    assert isinstance(failed, NotComposed)
    assert (failed.code, failed.sentence) == (Refusal.NOT_HEARD, "/loops/10.wav is gone.")


def test_an_empty_slot_is_answered_at_once() -> None:
    room = Room(audio_set())
    room.begin(scene=2)
    (failed,) = room.told
    assert isinstance(failed, NotComposed)
    assert failed.code == Refusal.GONE
    assert room.listener.asked == []


def test_notes_are_read_without_the_listener() -> None:
    notes = encode_notes([a_record(beat, pitch=pitch) for beat in range(4) for pitch in (57, 60, 64)])
    room = Room(a_set(a_track(3, 2), a_clip(30, 3, 100), ClipNotes(30, notes)))

    async def read() -> None:
        room.begin(track=2)
        while not room.told:
            await asyncio.sleep(0.005)

    asyncio.run(read())
    (analyzed,) = room.told
    assert isinstance(analyzed, Analyzed)
    assert analyzed.found.depth == 2
    assert room.listener.asked == []
