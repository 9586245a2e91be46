"""The speech service: the recogniser that transcribes Talk, and the copilot that answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from musearoo.bridge.copilot.dialogue import FAILED, Copilot, SentenceContext, Written
from musearoo.bridge.core.events.effects import (
    ArmMicrophone,
    DropSpeech,
    EndSpeech,
    NoteDone,
    NoteFailed,
    NoteUndone,
    StartSpeech,
    Understand,
)
from musearoo.bridge.core.events.incoming import (
    Declined,
    RecogniserReady,
    SpeechFailed,
    SpeechLevel,
    SpeechTranscribed,
    Suggested,
    Understood,
)
from musearoo.bridge.core.state import Live
from musearoo.bridge.core.talk_targets import play_along_of
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.speech.listener import SpeechListener
from musearoo.bridge.speech.messages import (
    OPEN_DEFAULT,
    OPEN_SPHINX,
    ListenerArmed,
    ListenerEvent,
    ListenerFailed,
    ListenerLevel,
    ListenerOptions,
    ListenerReady,
    ListenerTranscribed,
)
from musearoo.engines.language.requests.commands import Command
from musearoo.engines.language.state.view import SetView
from musearoo.engines.styles.schema import Style

TALK_FOLDER: Final = "talk"
"""Folder in MuseAroo's folder for recorded utterances, if the user keeps them."""

SPEECH_LOG: Final = "ear.log"

HINT_AFTER: Final = 4.0
"""Seconds before a device shows a hint, so that the user can read the result first."""

SWITCHED_OFF: Final = "Talk is switched off: set talk to true in the settings, and start the daemon again."

NEEDED: Final = ("pocketsphinx", "sounddevice")
"""Packages that speech recognition requires."""

SpeechEffect = StartSpeech | EndSpeech | DropSpeech | ArmMicrophone | Understand | NoteDone | NoteFailed | NoteUndone


def speech_options(settings: Settings, home: Path) -> ListenerOptions:
    """Return the options of the speech process for these settings."""
    recogniser = OPEN_SPHINX if settings.recogniser == "sphinx" else OPEN_DEFAULT
    keep = home / TALK_FOLDER if settings.keep_talk else None
    return ListenerOptions(settings.microphone, recogniser, keep, home / SPEECH_LOG, home)


def _names(styles: Mapping[str, Style]) -> list[tuple[str, ...]]:
    """Return all names and aliases of the styles."""
    return [(style.name, *style.aliases) for style in styles.values()]


class SpeechService:
    """Perform the effects of Talk. For the event loop's thread only.

    `writer` is a single thread, which writes the copilot's preferences to disk.
    """

    def __init__(self, services: DaemonServices, copilot: Copilot, writer: Executor) -> None:
        self._services = services
        self._copilot = copilot
        self._writer = writer
        self._loop: asyncio.AbstractEventLoop
        self._listener: SpeechListener | None = None

    def start(self) -> None:
        """Start the service; called once, in the event loop."""
        self._loop = asyncio.get_running_loop()
        if self._services.settings.talk:
            self._listener = SpeechListener(
                speech_options(self._services.settings, self._services.home), self._on_listener_event, self._loop
            )
            # Deferred until the daemon itself is ready.
            self._loop.call_soon(self.expect)

    def expect(self) -> None:
        """Start the speech process and its recogniser ahead of Talk, without a microphone.

        Does nothing if packages are missing: Talk then reports what to install.
        """
        if self._listener is not None and all(find_spec(package) for package in NEEDED):
            self._listener.warm()

    def use_styles(self, styles: Mapping[str, Style]) -> None:
        """Understand these styles from the next sentence on, and reload the recogniser if their names have changed."""
        self._copilot.styles = styles
        if self._listener is not None and _names(self._services.styles) != _names(styles):
            self._listener.renew()

    def close(self) -> None:
        """Close the speech process."""
        if self._listener is not None:
            self._listener.close()

    def perform(self, effect: SpeechEffect) -> None:
        """Perform one effect."""
        match effect:
            case Understand():
                self._understand(effect)
            case NoteDone():
                self._note_done(effect)
            case NoteFailed():
                if context := self._context_of(effect.instance):
                    self._copilot.note_failed(effect, context)
            case NoteUndone():
                self._copilot.note_undone(effect)
                self._save_learnt(_leave_to_log)
            case _ if self._listener is None:
                if isinstance(effect, StartSpeech):
                    self._services.handle(SpeechFailed(time.monotonic(), effect.key, SWITCHED_OFF))
            case StartSpeech(key):
                self._listener.open(key)
            case EndSpeech(key):
                self._listener.let_go(key)
            case DropSpeech(key):
                self._listener.drop(key)
            case ArmMicrophone(is_on):
                self._listener.arm(is_on)

    def _on_listener_event(self, event: ListenerEvent) -> None:
        now = time.monotonic()
        match event:
            case ListenerLevel():
                self._services.handle(SpeechLevel(now, event.talk, event.level, event.words))
            case ListenerTranscribed():
                if event.dropped:
                    LOG.warning("The microphone lost sound %d times in one sentence.", event.dropped)
                self._services.handle(
                    SpeechTranscribed(now, event.talk, event.text, event.confidence, event.milliseconds)
                )
            case ListenerReady(is_ready, fault):
                self._services.handle(RecogniserReady(now, is_ready, fault))
            case ListenerFailed():
                self._services.handle(SpeechFailed(now, event.talk, event.sentence))
            case ListenerArmed() if event.sentence:
                for session in self._services.state.sessions:
                    self._services.handle(Suggested(now, session, event.sentence))

    def _understand(self, request: Understand) -> None:
        context = self._context_of(request.instance)
        if context is None:
            sentence = "Live has gone meanwhile: say it again when it is back."
            self._decline(request, Refusal.LIVE_LOST, sentence)
            return
        along = play_along_of(self._services.state, request.key, context.live, context.mirror)
        context = replace(context, along=along)
        try:
            command = self._copilot.read(request, context.mirror)
            if self._copilot.may_interpret(command):
                self._services.threads.submit(
                    self._interpret_in_thread, request, command, context, self._copilot.view(context)
                )
            else:
                self._report_once_saved(self._copilot.answer(request, command, context))
        except Exception:
            self._fail(request)

    def _interpret_in_thread(
        self, request: Understand, command: Command, context: SentenceContext, view: SetView
    ) -> None:
        """Understand a sentence. Runs in a thread, because a language model is slow."""
        try:
            found = self._copilot.interpret(command, view)
        except Exception:
            LOG.exception("A language model could not be asked")
            found = command
        self._loop.call_soon_threadsafe(self._answer, request, found, context)

    def _answer(self, request: Understand, command: Command, context: SentenceContext) -> None:
        try:
            self._report_once_saved(self._copilot.answer(request, command, context))
        except Exception:
            self._fail(request)

    def _report_once_saved(self, answer: Understood) -> None:
        """Report an answer, but only once anything learnt from its sentence is saved."""

        def report(fault: str) -> None:
            self._services.handle(replace(answer, verdict=Declined(Refusal.ENGINE_FAILED, fault)) if fault else answer)

        self._save_learnt(report)

    def _save_learnt(self, then: Callable[[str], None]) -> None:
        """Save what was learnt, if anything; `then` gets why that failed, or ""."""
        learnt = self._copilot.learnt()
        if learnt is None:
            then("")
            return

        def write() -> None:
            try:
                written = self._copilot.write(learnt)
            except Exception:
                LOG.exception("What was learnt could not be written by a fault of ours")
                written = Written(0, "that is a fault of ours, and the log says where.")
            self._loop.call_soon_threadsafe(lambda: then(self._copilot.note_written(learnt, written)))

        self._writer.submit(write)

    def _fail(self, request: Understand) -> None:
        LOG.exception("Sentence %d of session %d failed by a fault of ours", *reversed(request.key))
        self._decline(request, Refusal.ENGINE_FAILED, FAILED)

    def _decline(self, request: Understand, code: Refusal, sentence: str) -> None:
        self._services.handle(Understood(time.monotonic(), request.key, request.text, Declined(code, sentence)))

    def _note_done(self, note: NoteDone) -> None:
        context = self._context_of(note.instance)
        if context is None:
            return
        hint = self._copilot.note_done(note, context)
        self._save_learnt(_leave_to_log)
        if hint and note.session:
            self._loop.call_later(HINT_AFTER, self._hint, note.session, hint)

    def _hint(self, session: int, hint: str) -> None:
        state = self._services.state
        is_busy = any(key[0] == session for key in (*state.presses, *state.sentences))
        if not is_busy:
            self._services.handle(Suggested(time.monotonic(), session, hint))

    def _context_of(self, instance: str) -> SentenceContext | None:
        """Return the context of a sentence, by its script's run; None if that Live has gone."""
        services = self._services
        lives: list[Live] = [live for live in services.state.lives.values() if live.hello.instance == instance]
        found = [SentenceContext(live, services.mirrors[live.link]) for live in lives if live.link in services.mirrors]
        return found[-1] if found else None


def _leave_to_log(_fault: str) -> None:
    """Ignore the fault: the user was promised nothing, and the log has the reason."""
