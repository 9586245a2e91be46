"""The analysis service: read MIDI clips in a thread, queue audio clips for analysis, and write the findings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from musearoo.bridge.core.events.effects import AnalyzeClip, PressKey
from musearoo.bridge.core.events.incoming import Analyzed, Progressed
from musearoo.bridge.core.presses import ANSWER_WITHIN
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.findings import Question, read_notes, read_question, write_findings
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.engines.music.knowledge.analysis import Analysis


class AnalysisService:
    """Analyse the clips that requests ask about. For the event loop's thread only."""

    def __init__(self, services: DaemonServices) -> None:
        self._services = services
        # Functions that cancel the analysis of a request's clip.
        self._under_way: dict[PressKey, Callable[[], None]] = {}

    def begin(self, request: AnalyzeClip) -> None:
        """Analyse a clip, in a thread if it is MIDI, else by the queue; then report the findings."""
        try:
            question = read_question(self._services.mirrors[request.link], request.analyze)
        except Exception as error:
            self._services.handle(request_failed(request, error))
            return
        if question.passage is None:
            self._services.threads.submit(self._read_in_thread, request, question, asyncio.get_running_loop())
            return
        answered = False

        def show(fraction: float, text: str) -> None:
            self._services.handle(Progressed(time.monotonic(), request.key, fraction, text))

        def answer(analysis: Analysis | str) -> None:
            nonlocal answered
            answered = True
            self._under_way.pop(request.key, None)
            self._answer(request, question, analysis)

        cancel = self._services.analyses.ask(question.passage, bool(request.analyze.deep), answer, show)
        if not answered:
            self._under_way[request.key] = cancel

    def stop(self, key: PressKey) -> None:
        """Cancel a request's analysis."""
        if cancel := self._under_way.pop(key, None):
            cancel()

    def _read_in_thread(self, request: AnalyzeClip, question: Question, loop: asyncio.AbstractEventLoop) -> None:
        """Run in a composer's thread: ten thousand notes take a tenth of a second."""
        try:
            analysis = read_notes(question, self._services.styles)
        except Exception as error:
            loop.call_soon_threadsafe(self._services.handle, request_failed(request, error))
        else:
            loop.call_soon_threadsafe(self._answer, request, question, analysis)

    def _answer(self, request: AnalyzeClip, question: Question, analysis: Analysis | str) -> None:
        try:
            if isinstance(analysis, str):
                raise RequestError(Refusal.NOT_HEARD, analysis)
            deadline = time.time() + ANSWER_WITHIN
            found, messages = write_findings(question, request.analyze, analysis, request.request_id, deadline)
            self._services.handle(Analyzed(time.monotonic(), request.key, found, messages))
        except Exception as error:
            self._services.handle(request_failed(request, error))
