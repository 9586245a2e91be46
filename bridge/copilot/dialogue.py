"""The copilot in the daemon: interpret sentences in the context of their set, and remember what was done.

All decisions are in `engines.language`; this module keeps its memory and the preferences file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from musearoo.bridge.copilot.preferences_file import (
    PreferencesError,
    read_preferences,
    stamp_preferences,
    write_preferences,
)
from musearoo.bridge.copilot.view import view_of
from musearoo.bridge.core.events.effects import NoteDone, NoteFailed, NoteUndone, Understand
from musearoo.bridge.core.events.incoming import ByDevice, CancelAll, Declined, Reply, Understood, Verdict
from musearoo.bridge.core.state import Live
from musearoo.bridge.core.talk_actions import action_of, request_of
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask
from musearoo.engines.language.state.memory import Memory, note_done, note_failed, note_not_kept, note_undone
from musearoo.engines.language.state.preferences import Preferences
from musearoo.engines.language.state.view import PlayAlongView, SetView
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.engines.language.copilot.interpreter import Interpreter
    from musearoo.engines.language.grammar.understanding import Understander

FAILED = "That went wrong by a fault of ours: the log says where. Nothing was written."


@dataclass(frozen=True, slots=True)
class Learnt:
    """Preferences before and after an answer, and the requests that count as kept in its set.

    `broken` says why the preferences file cannot be read, "" if it can.
    """

    preferences: Preferences
    before: Preferences
    set: str
    kept: tuple[str, ...]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The result of saving preferences: the file's stamp, or `fault`, a sentence."""

    stamp: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SentenceContext:
    """The context of a sentence: its Live, and the mirror of the set."""

    live: Live
    mirror: SetMirror
    along: PlayAlongView | None = None
    """The state of live MIDI, as far as a sentence needs it."""


class Copilot:
    """Answer sentences. Only `warm`, `interpret` and `write` may be called outside the event loop's thread.

    After each answer and note, the caller passes `learnt` to `write`, and the outcome to `note_written`, before it
    reports to the user that anything is remembered.
    """

    def __init__(
        self,
        folder: Path,
        styles: Mapping[str, Style],
        recall: Callable[[Passage], Analysis | None],
        interpreter: Interpreter | None,
    ) -> None:
        self._folder = folder
        self.styles = styles
        self._recall = recall
        self._interpreter = interpreter
        self._memory = Memory()
        # The stamp of the preferences file when it was last read or written; and why it cannot be read, or "".
        self._stamp: int | None = None
        self._broken = ""
        self._learnt: Learnt | None = None
        self._under_way = 0
        self._understander: tuple[Mapping[str, Style], Understander] | None = None

    def warm(self) -> None:
        """Load the table of sentences ahead of the first one, in any thread; takes a tenth of a second."""
        import musearoo.engines.language.copilot.respond  # noqa: F401 - imported by the first answer

        self._understands()

    def read(self, request: Understand, mirror: SetMirror) -> Command:
        """Interpret a sentence by its words; returns the command with its confidence."""
        names = tuple(track.name for track in mirror.tracks.values())
        command = self._understands().understand(request.text, names)
        return msgspec.structs.replace(command, confidence=min(command.confidence, request.confidence))

    def may_interpret(self, command: Command) -> bool:
        """Whether to ask a language model what a sentence means."""
        return self._interpreter is not None and command.intent is Intent.NONE and bool(command.text)

    def interpret(self, command: Command, view: SetView) -> Command:
        """Ask the language model what a sentence means; returns the same command if it does not know."""
        if self._interpreter is None:
            return command
        turns = self._memory.of(view.set).turns
        return self._interpreter.interpret(command.text, view, turns) or command

    def answer(self, request: Understand, command: Command, context: SentenceContext) -> Understood:
        """Answer a sentence in the context of its set."""
        from musearoo.engines.language.copilot.respond import respond  # imported here, because the start does without

        now = time.monotonic()
        view = self.view(context)
        answered = respond(self._remembered(), view, command, now, self.styles)
        self._remember(answered.memory, view.set)
        verdict: Verdict
        match answered.reply:
            case Act(action, sentence):
                try:
                    verdict = self._order(request, action, context, sentence)
                except RequestError as error:
                    verdict = Declined(error.code, error.sentence)
                return Understood(time.monotonic(), request.key, command.text, verdict, sentence)
            case Ask(sentence):
                verdict = Reply(sentence, asks=True)
            case Answer(sentence, is_lost=True):
                verdict = Declined(Refusal.NOT_HEARD, f"“{command.text}”: {sentence}")
            case Answer(sentence):
                verdict = Reply(sentence)
        return Understood(time.monotonic(), request.key, command.text, verdict)

    def note_done(self, note: NoteDone, context: SentenceContext) -> str:
        """Remember what was done; returns a hint at what could come next, or ""."""
        from musearoo.engines.language.copilot.respond import (
            hint_after,  # imported here, because the start does without
        )

        action = action_of(note.request, context.mirror)
        if action is None:
            return ""
        now = time.monotonic()
        where = {"track": note.track + 1, "scene": note.scene + 1}
        memory = note_done(
            self._remembered(), note.instance, action, request=note.request_id, name=note.name, now=now, **where
        )
        memory, hint = hint_after(memory, self.view(context), now, self.styles)
        self._remember(memory, note.instance)
        return hint

    def note_failed(self, note: NoteFailed, context: SentenceContext) -> None:
        """Remember a request that failed."""
        action = action_of(note.request, context.mirror)
        if action is not None:
            self._remember(note_failed(self._remembered(), note.instance, action), note.instance)

    def note_undone(self, note: NoteUndone) -> None:
        """Remember that a request was undone."""
        memory = note_undone(self._remembered(), note.instance, note.request_id, time.monotonic())
        self._remember(memory, note.instance)

    def learnt(self) -> Learnt | None:
        """Return what is to be saved since the last call, or None."""
        learnt, self._learnt = self._learnt, None
        self._under_way += learnt is not None
        return learnt

    def write(self, learnt: Learnt) -> Written:
        """Save what was learnt. Any thread may call this, but only one at a time."""
        if learnt.broken:
            # A broken file is left for the user to repair.
            return Written(0, learnt.broken)
        try:
            write_preferences(self._folder, learnt.preferences)
        except PreferencesError as error:
            return Written(0, str(error))
        return Written(stamp_preferences(self._folder))

    def note_written(self, learnt: Learnt, written: Written) -> str:
        """Handle the outcome of `write`: revert what was not saved, and return a sentence about that, or ""."""
        self._under_way -= 1
        if not written.fault:
            self._stamp = written.stamp
            return ""
        LOG.warning("%s", written.fault)
        memory = note_not_kept(self._memory, learnt.set, learnt.kept)
        self._memory = replace(memory, preferences=learnt.before)
        return f"What you like could not be written down, and stays as it was: {written.fault}"

    def _order(self, request: Understand, action: SetAction, context: SentenceContext, sentence: str) -> Verdict:
        session, press = request.key
        match action.intent:
            case Intent.LISTEN:
                return ByDevice("listen", action.bars * 10 + action.go_on, sentence)
            case Intent.AUTO_SPLIT:
                return ByDevice("auto_split", int(action.on), sentence)
            case Intent.TEST:
                return ByDevice("self_test", 0, sentence)
            case Intent.CANCEL:
                return CancelAll()
            case _:
                return request_of(action, session, press, context.mirror)

    def view(self, context: SentenceContext) -> SetView:
        """Return the copilot's present view of the set."""
        live = context.live
        return replace(
            view_of(
                context.mirror,
                key=live.key,
                key_confidence=live.key_confidence,
                chords=live.chords,
                style=live.style,
                style_confidence=live.style_confidence,
                recall=self._recall,
            ),
            set=live.hello.instance,
            along=context.along,
        )

    def _understands(self) -> Understander:
        from musearoo.bridge.settings.voice_table import read_understander  # imported here: it brings the grammar

        styles = self.styles
        if self._understander is None or self._understander[0] is not styles:
            self._understander = (styles, read_understander(styles))
        return self._understander[1]

    def _remembered(self) -> Memory:
        """Return the memory with the preferences in the file, which the user may have erased."""
        stamp = stamp_preferences(self._folder)
        # Preferences that are being written are newer than the file.
        if stamp != self._stamp and not self._under_way:
            self._stamp = stamp
            try:
                self._memory = replace(self._memory, preferences=read_preferences(self._folder))
                self._broken = ""
            except PreferencesError as error:
                LOG.warning("%s", error)
                self._broken = str(error)
        return self._memory

    def _remember(self, memory: Memory, set_name: str) -> None:
        before, self._memory = self._memory, memory
        if memory.preferences == before.preferences:
            return
        was_kept = {one.request for one in before.of(set_name).made if one.kept}
        kept = tuple(one.request for one in memory.of(set_name).made if one.kept and one.request not in was_kept)
        self._learnt = Learnt(memory.preferences, before.preferences, set_name, kept, self._broken)
