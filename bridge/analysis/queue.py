"""The analysis queue: analyse the clips in view one passage at a time, off the event loop, and keep the results.

The fast pass analyses all wanted passages first, in a thread that pauses while engines compose. Then the deep pass
analyses one passage after another in the worker process, and replaces the fast pass's results. Everything except the
analysis itself runs in the event loop's thread.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Final, Protocol

from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.settings.logs import LOG, without_path
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.knowledge.analysis import Analysis

STANDS_ASIDE: Final = 0.5
"""Most seconds that the analysis waits for engines: a request takes some 10 ms, and a stuck one must not block it."""

MOST_KNOWN: Final = 512
"""Analyses kept in memory, some 10 kB each; others are read from disk again when they are wanted."""

RETRIES_AFTER: Final = (3.0, 10.0, 60.0)
"""Seconds until each retry of a failed passage, whose file may still be being written. Then no more."""

CANCELLED: Final = "Cancelled: the deep analysis was not wanted any more."

OnAnalysis = Callable[[Passage, Analysis | None, Analysis], None]
"""Called with a passage, its analysis before, and its analysis now."""
Answer = Callable[[Analysis | str], None]
"""Called with the analysis, or one sentence why there is none."""
ShowProgress = Callable[[float, str], None]
"""Called with the progress (0..1) and the current step."""


class PassageAnalyzer(Protocol):
    """The queue's interface of an analyzer. `analyze` runs in the queue's thread, the rest in the event loop's."""

    def analyze(self, passage: Passage) -> Analysis:
        """Return the cached analysis, else run the fast pass; raises AudioFileError, ParamError, EngineError."""

    @property
    def why_not_deep(self) -> str:
        """One sentence why there is no deep pass, or "" if there is one."""

    def expect(self) -> None:
        """Prepare for deep passes."""

    def analyze_deeply(self, passage: Passage, urgent: bool, show: ShowProgress, done: Answer) -> Callable[[], None]:
        """Start the deep pass, which ends by calling `done`, later or at once. Returns a function that cancels it."""


@dataclass(slots=True)
class _Failure:
    sentence: str
    retry_at: float
    count: int


@dataclass(slots=True)
class _Question:
    passage: Passage
    deep: bool
    answer: Answer
    show: ShowProgress


@dataclass(slots=True)
class AnalysisQueue:
    """A queue of passages: `want` sets those in view, `ask` puts one first; `on_analysis` gets every new analysis."""

    analyzer: PassageAnalyzer
    on_analysis: OnAnalysis
    _wanted: tuple[Passage, ...] = ()
    _questions: list[_Question] = field(default_factory=list)
    _known: dict[Passage, Analysis] = field(default_factory=dict)
    _failed: dict[Passage, _Failure] = field(default_factory=dict)
    _shallow: dict[Passage, str] = field(default_factory=dict)
    _analyzing: Passage | None = None
    _deepening: Passage | None = None
    _cancel: Callable[[], None] | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="listener"))
    _quiet: Event = field(default_factory=Event)
    _composing: int = 0
    _stopped: bool = False

    def __post_init__(self) -> None:
        self._quiet.set()

    def want(self, passages: Sequence[Passage]) -> None:
        """Set the passages to analyse, the most urgent first; others that were wanted before are dropped."""
        wanted = tuple(passages)
        if wanted != self._wanted:
            if not self._wanted:
                self.analyzer.expect()
            self._wanted = wanted
            self._go_on()

    def known(self, passage: Passage) -> Analysis | None:
        """Return the best analysis of a passage so far, or None."""
        return self._known.get(passage)

    def forget(self, path: str) -> None:
        """Analyse a file again after it has changed. The disk cache still knows unchanged content."""
        for table in (self._known, self._failed, self._shallow):
            for passage in [passage for passage in table if passage.path == path]:
                del table[passage]
        self._go_on()

    def ask(
        self, passage: Passage, deep: bool, answer: Answer, show: ShowProgress = lambda _fraction, _text: None
    ) -> Callable[[], None]:
        """Analyse a passage first and `answer` with the result, maybe at once; returns a function that cancels it."""
        known = self._known.get(passage)
        if known and (not deep or known.depth == "deep"):
            answer(known)
            return lambda: None
        if deep and self.analyzer.why_not_deep:
            answer(self.analyzer.why_not_deep)
            return lambda: None
        self._failed.pop(passage, None)
        self._shallow.pop(passage, None)
        question = _Question(passage, deep, answer, show)
        self._questions.append(question)
        if deep and self._cancel and self._deepening != passage:
            # The background analysis yields to the question, and is queued again.
            self._cancel()
        self._go_on()
        return lambda: self._take_back(question)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is analysed, and nobody waits for an answer."""
        return self._analyzing is None and self._deepening is None and not self._questions

    def hold(self) -> None:
        """Pause while an engine composes."""
        self._composing += 1
        self._quiet.clear()

    def release(self) -> None:
        """Resume after an engine has composed."""
        self._composing -= 1
        if not self._composing:
            self._quiet.set()

    def poll(self, now: float) -> None:
        """Retry failed passages that are due. Call this now and then."""
        if self._analyzing is None and self._failed:
            due = (p for p in self._wanted if p in self._failed and self._failed[p].retry_at <= now)
            if (passage := next(due, None)) is not None:
                self._begin(passage)

    def stop(self) -> None:
        """Stop the queue; an analysis in progress ends by itself, and its result is dropped."""
        self._stopped = True
        self._quiet.set()
        if self._cancel:
            self._cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _go_on(self) -> None:
        if self._stopped:
            return
        order = [*(question.passage for question in self._questions), *self._wanted]
        if self._analyzing is None:
            fresh = next((p for p in order if p not in self._known and p not in self._failed), None)
            if fresh is not None:
                self._begin(fresh)
        # The deep pass begins when the fast pass has analysed everything, or when a question waits for it.
        urgent = {question.passage for question in self._questions if question.deep}
        if self._deepening is None and (urgent or self._analyzing is None):
            self._deepen([p for p in order if p in urgent] or order, bool(urgent))

    def _take_back(self, question: _Question) -> None:
        if question not in self._questions:
            return
        self._questions.remove(question)
        needed = {other.passage for other in self._questions if other.deep}
        if self._cancel and self._deepening == question.passage and question.deep and not needed:
            self._cancel()

    def _begin(self, passage: Passage) -> None:
        self._analyzing = passage
        self._thread.submit(self._analyze_in_thread, passage, asyncio.get_running_loop())

    def _analyze_in_thread(self, passage: Passage, loop: asyncio.AbstractEventLoop) -> None:
        """Run in the queue's thread. The outermost handler of the analysis's errors."""
        self._quiet.wait(STANDS_ASIDE)
        result: Analysis | str
        try:
            result = self.analyzer.analyze(passage)
        except (AudioFileError, EngineError, ParamError) as error:
            result = str(error)
        except Exception:
            LOG.exception("%s cannot be heard by a fault of ours", without_path(passage.path, passage.path))
            result = f"{passage.path} cannot be heard by a fault of ours: the log says where."
        if not self._stopped:
            loop.call_soon_threadsafe(self._on_result, passage, result)

    def _on_result(self, passage: Passage, result: Analysis | str) -> None:
        self._analyzing = None
        if self._stopped:
            return
        if isinstance(result, str):
            self._fail(passage, result)
        else:
            self._failed.pop(passage, None)
            self._store(passage, result)
        self._go_on()

    def _fail(self, passage: Passage, sentence: str) -> None:
        before = self._failed.get(passage)
        count = before.count + 1 if before else 0
        wait = RETRIES_AFTER[count] if count < len(RETRIES_AFTER) else float("inf")
        self._failed[passage] = _Failure(sentence, asyncio.get_running_loop().time() + wait, count)
        if before is None or before.sentence != sentence:
            LOG.warning("Not heard: %s", without_path(sentence, passage.path))
        self._answer(passage, sentence)

    def _deepen(self, order: Sequence[Passage], urgent: bool) -> None:
        if self.analyzer.why_not_deep:
            return
        passage = next(
            (p for p in order if p in self._known and self._known[p].depth != "deep" and p not in self._shallow), None
        )
        if passage is None:
            return
        self._deepening = passage
        cancel = self.analyzer.analyze_deeply(
            passage,
            urgent,
            lambda fraction, text: self._show(passage, fraction, text),
            lambda result: self._deepened(passage, result),
        )
        if self._deepening is passage:
            self._cancel = cancel

    def _show(self, passage: Passage, fraction: float, text: str) -> None:
        for question in self._questions:
            if question.deep and question.passage == passage:
                question.show(fraction, text)

    def _deepened(self, passage: Passage, result: Analysis | str) -> None:
        self._deepening = self._cancel = None
        if self._stopped:
            return
        if isinstance(result, str):
            if result != CANCELLED:
                # Not tried again until a question asks for it.
                self._shallow[passage] = result
                LOG.warning("The deep analysis failed: %s", without_path(result, passage.path))
                self._answer(passage, result, deep=True)
        else:
            self._store(passage, result)
        self._go_on()

    def _store(self, passage: Passage, analysis: Analysis) -> None:
        before = self._known.pop(passage, None)
        self._known[passage] = analysis
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self.on_analysis(passage, before, analysis)
        self._answer(passage, analysis, deep=analysis.depth == "deep")

    def _answer(self, passage: Passage, result: Analysis | str, deep: bool = False) -> None:
        """Answer the questions about a passage, unless they ask for a better analysis; a failure answers all."""
        enough = [
            a for a in self._questions if a.passage == passage and (not a.deep or deep or isinstance(result, str))
        ]
        self._questions = [question for question in self._questions if question not in enough]
        for question in enough:
            question.answer(result)
