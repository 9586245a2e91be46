"""The analysis queue: its order, caching, replacement by deep analyses, and what never blocks it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

from musearoo.bridge.analysis.queue import CANCELLED, RETRIES_AFTER, AnalysisQueue, Answer, ShowProgress
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.live_set.listening import Passage
from musearoo.engines.music.estimate import UNKNOWN
from musearoo.engines.music.knowledge.analysis import Analysis, Rhythm

WITHIN = 5.0
"""Seconds that any of this may take on a busy machine."""


def a_passage(name: str) -> Passage:
    return Passage(f"{name}.wav", 0, 2000)


A, B, C = map(a_passage, "ABC")

FAST = Analysis(2.0, "fast", Rhythm(UNKNOWN))
DEEP = replace(FAST, depth="deep")


@dataclass
class ScriptedAnalyzer:
    """An analyzer with scripted results, which records the order of its calls."""

    why_not_deep: str = ""
    broken: dict[Passage, str] = field(default_factory=dict)
    analyzed: list[Passage] = field(default_factory=list)
    deepened: list[tuple[Passage, bool]] = field(default_factory=list)
    waiting: list[tuple[Passage, ShowProgress, Answer]] = field(default_factory=list)
    gate: Event = field(default_factory=Event)
    expected: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    def analyze(self, passage: Passage) -> Analysis:
        self.gate.wait(WITHIN)
        self.analyzed.append(passage)
        if passage in self.broken:
            raise AudioFileError(self.broken[passage])
        return FAST

    def expect(self) -> None:
        self.expected += 1

    def analyze_deeply(self, passage: Passage, urgent: bool, show: ShowProgress, done: Answer) -> Callable[[], None]:
        self.deepened.append((passage, urgent))
        turn = (passage, show, done)
        self.waiting.append(turn)

        def cancel() -> None:
            if turn in self.waiting:
                self.waiting.remove(turn)
                done(CANCELLED)

        return cancel

    def finish(self, answer: Analysis | str = DEEP) -> None:
        """The deep pass that is under way ends."""
        _, _, done = self.waiting.pop(0)
        done(answer)


@dataclass
class Scene:
    analyzer: ScriptedAnalyzer
    listener: AnalysisQueue
    told: list[tuple[Passage, str]]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while not holds():
                await asyncio.sleep(0.002)


def play(scene: Callable[[Scene], Coroutine[Any, Any, None]], analyzer: ScriptedAnalyzer | None = None) -> None:
    """Plays a scene with a listener in an event loop of its own."""

    async def run() -> None:
        told: list[tuple[Passage, str]] = []
        used = analyzer or ScriptedAnalyzer()

        def tell(passage: Passage, before: Analysis | None, after: Analysis) -> None:
            told.append((passage, f"{before.depth if before else 'nothing'} to {after.depth}"))

        listener = AnalysisQueue(used, tell)
        try:
            await scene(Scene(used, listener, told))
        finally:
            used.gate.set()
            listener.stop()

    asyncio.run(run())


def test_all_passages_get_the_fast_pass_before_any_gets_the_deep_one() -> None:
    async def scene(s: Scene) -> None:
        s.listener.want([A, B, C])
        await s.until(lambda: bool(s.analyzer.deepened))
        assert s.analyzer.analyzed == [A, B, C]
        assert s.analyzer.expected == 1
        s.listener.want([C, B, A])
        for _ in (A, B, C):
            await s.until(lambda: bool(s.analyzer.waiting))
            s.analyzer.finish()
        await s.until(lambda: len(s.told) == 6)
        assert s.analyzer.analyzed == [A, B, C]
        # The first had begun before the wanted passages changed.
        assert s.analyzer.deepened == [(A, False), (C, False), (B, False)]
        assert s.told[:3] == [(p, "nothing to fast") for p in (A, B, C)]
        assert s.told[3:] == [(p, "fast to deep") for p in (A, C, B)]
        assert s.listener.known(B) is DEEP

    play(scene)


def test_passages_that_left_the_view_are_not_analyzed() -> None:
    async def scene(s: Scene) -> None:
        s.analyzer.gate.clear()
        s.listener.want([A, B])
        s.listener.want([C])
        s.analyzer.gate.set()
        await s.until(lambda: bool(s.analyzer.deepened))
        assert s.analyzer.analyzed == [A, C]
        assert s.analyzer.deepened == [(C, False)]

    play(scene)


def test_who_asks_is_answered_before_what_is_wanted() -> None:
    async def scene(s: Scene) -> None:
        s.analyzer.gate.clear()
        s.listener.want([A, B])
        answers: list[Analysis | str] = []
        s.listener.ask(C, deep=False, answer=answers.append)
        s.analyzer.gate.set()
        await s.until(lambda: len(s.analyzer.analyzed) == 3)
        assert s.analyzer.analyzed == [A, C, B]
        assert answers == [FAST]
        s.listener.ask(C, deep=False, answer=answers.append)
        assert answers == [FAST, FAST]

    play(scene)


def test_a_deep_question_preempts_background_deep_analysis() -> None:
    async def scene(s: Scene) -> None:
        s.listener.want([A, B])
        await s.until(lambda: bool(s.analyzer.waiting))
        answers: list[Analysis | str] = []
        shown: list[float] = []
        s.listener.ask(B, deep=True, answer=answers.append, show=lambda fraction, _: shown.append(fraction))
        await s.until(lambda: s.analyzer.deepened[-1] == (B, True))
        s.analyzer.waiting[0][1](0.5, "listening")
        s.analyzer.finish()
        assert (answers, shown) == ([DEEP], [0.5])
        # What was put off has its turn again.
        await s.until(lambda: s.analyzer.deepened[-1] == (A, False))

    play(scene)


def test_a_deep_question_that_is_taken_back_ends_its_hearing() -> None:
    async def scene(s: Scene) -> None:
        answers: list[Analysis | str] = []
        take_back = s.listener.ask(A, deep=True, answer=answers.append)
        await s.until(lambda: bool(s.analyzer.waiting))
        take_back()
        await s.until(lambda: not s.analyzer.waiting)
        assert answers == []
        take_back()

    play(scene)


def test_without_a_deep_pass_a_deep_question_says_why() -> None:
    async def scene(s: Scene) -> None:
        answers: list[Analysis | str] = []
        s.listener.ask(A, deep=True, answer=answers.append)
        s.listener.want([A])
        await s.until(lambda: s.listener.known(A) is FAST)
        assert answers == ["madmom is not installed."]
        assert s.analyzer.deepened == []

    play(scene, ScriptedAnalyzer(why_not_deep="madmom is not installed."))


def test_a_file_that_fails_does_not_affect_others_and_is_retried() -> None:
    async def scene(s: Scene) -> None:
        answers: list[Analysis | str] = []
        s.listener.want([A, B])
        await s.until(lambda: s.listener.known(B) is FAST)
        s.listener.poll(asyncio.get_running_loop().time())
        assert s.analyzer.analyzed == [A, B]
        s.listener.poll(asyncio.get_running_loop().time() + RETRIES_AFTER[0] + 0.1)
        await s.until(lambda: s.analyzer.analyzed == [A, B, A])
        s.listener.ask(A, deep=False, answer=answers.append)
        await s.until(lambda: bool(answers))
        assert answers == ["A.wav is empty."]

    play(scene, ScriptedAnalyzer(broken={A: "A.wav is empty."}))


def test_a_changed_file_is_analyzed_again() -> None:
    async def scene(s: Scene) -> None:
        s.listener.want([A])
        await s.until(lambda: s.listener.known(A) is FAST)
        s.listener.forget("A.wav")
        assert s.listener.known(A) is None
        await s.until(lambda: s.analyzer.analyzed == [A, A])

    play(scene)


def test_a_deep_pass_that_fails_is_not_tried_again_unless_someone_asks() -> None:
    async def scene(s: Scene) -> None:
        s.listener.want([A, B])
        await s.until(lambda: bool(s.analyzer.waiting))
        s.analyzer.finish("The worker died twice.")
        await s.until(lambda: s.analyzer.deepened == [(A, False), (B, False)])
        s.analyzer.finish()
        assert s.listener.known(A) is FAST
        s.listener.ask(A, deep=True, answer=lambda _: None)
        await s.until(lambda: s.analyzer.deepened[-1] == (A, True))

    play(scene)


def test_hearing_waits_while_an_engine_composes() -> None:
    async def scene(s: Scene) -> None:
        s.listener.hold()
        s.listener.hold()
        s.listener.want([A])
        s.listener.release()
        await asyncio.sleep(0.05)
        assert s.analyzer.analyzed == []
        s.listener.release()
        await s.until(lambda: s.analyzer.analyzed == [A])

    play(scene)


def test_after_stop_nothing_is_reported() -> None:
    async def scene(s: Scene) -> None:
        s.analyzer.gate.clear()
        s.listener.want([A, B])
        s.listener.stop()
        s.analyzer.gate.set()
        await asyncio.sleep(0.05)
        assert s.told == []
        assert B not in s.analyzer.analyzed

    play(scene)
