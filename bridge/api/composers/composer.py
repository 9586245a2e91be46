"""A composer's work: perform requests in sets without Live, and keep the sets that were used last."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from musearoo.bridge.api.composers.calls import CALLS
from musearoo.bridge.api.composers.examining import Examiner
from musearoo.bridge.api.composers.messages import (
    Apply,
    Call,
    Command,
    Detail,
    Interpret,
    Interpreted,
    Made,
    OnSet,
    Perform,
    Place,
    Refused,
    Replay,
    Reply,
    Returned,
    SetNeeded,
    TakeRow,
    View,
)
from musearoo.bridge.api.composers.recall import Recall, measure_audio
from musearoo.bridge.api.sets.arranging import arrange
from musearoo.bridge.api.sets.details import describe_clip, find_clip_id, path_of_clip
from musearoo.bridge.api.sets.messages import message_of
from musearoo.bridge.api.sets.packets import open_set, pack, unpack, unpack_edits
from musearoo.bridge.api.sets.performing import COMPOSED, StoredSet, Written, move_to_slot, perform_message
from musearoo.bridge.api.sets.sound_takes import takes_of_sounds
from musearoo.bridge.api.sets.spreading import spread
from musearoo.bridge.api.sets.talking import (
    NOTHING,
    Recollection,
    remember_done,
    remember_failed,
    remember_undone,
    understand,
)
from musearoo.bridge.api.sets.transactions import perform, replay
from musearoo.bridge.api.sets.views import view_changes, view_set
from musearoo.bridge.api.types.answers import Outcome, SetChanges, Take
from musearoo.bridge.api.types.events import SetChanged
from musearoo.bridge.api.types.requests import AnyRequest
from musearoo.bridge.core.composing import Players
from musearoo.bridge.metrics.music import measure_notes
from musearoo.bridge.metrics.takes import by_family
from musearoo.bridge.protocol import Analyze, Refusal
from musearoo.bridge.renders.midi import encode_parts
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.logs import print_fault
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.errors import ParamError, UserFacingError
from musearoo.engines.language.state.memory import SetMemory
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences
from musearoo.engines.music.scale import Key

SETS_KEPT: Final = 256
"""Sets that a composer keeps open: those of the sessions that were used last."""

_REQUESTS: Final = msgspec.msgpack.Decoder(AnyRequest)
_MEMORIES: Final = msgspec.msgpack.Decoder(SetMemory)
_TASTES: Final = msgspec.msgpack.Decoder(Preferences)


@dataclass(frozen=True, slots=True)
class _Open:
    """A set that is open, as a change named `basis` left it, and what RooAroo remembers of it."""

    basis: str
    stored: StoredSet
    memory: SetMemory


class Composer:
    """Performs commands on the sets that it has open."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._players = Players(read_engines(), read_styles(home / "styles"), play_with_patience, PatternLibrary())
        self._sets: OrderedDict[str, _Open] = OrderedDict()
        self._recall = Recall(home, self._players.styles)
        self._examiner = Examiner(self._recall, self._players.styles, home)

    def answer(self, command: Command) -> Reply:
        """Return the reply to a command; every error becomes one. The outermost handler of an engine's errors."""
        try:
            if isinstance(command, Call) and command.name == "examine":
                return Returned(command.number, self._examiner.examine_file(**command.arguments))
            if isinstance(command, Call) and command.name == "detail":
                return Returned(command.number, self._describe_in_live(**command.arguments))
            if isinstance(command, Call):
                function = CALLS[command.name]
                return Returned(command.number, function(self._players, self._home, **command.arguments))
            opened = self._open(command)
            return SetNeeded(command.number) if opened is None else self._on_set(command, opened)
        except RequestError as error:
            return Refused(command.number, int(error.code), error.sentence)
        except ParamError as error:
            return Refused(command.number, int(Refusal.BAD_PARAMETER), f"{error}.", error.field)
        except UserFacingError as error:
            return Refused(command.number, int(Refusal.ENGINE_FAILED), str(error))
        except Exception as error:
            # A fault of ours: the traceback goes to the composer's log, and the composer lives on.
            print_fault(error)
            sentence = "That failed by a fault of ours: composer.log says where. Nothing was written."
            return Refused(command.number, int(Refusal.ENGINE_FAILED), sentence)

    def _describe_in_live(self, messages: bytes, clip: int) -> bytes:
        """Return what is in a clip of Live's set, of which `messages` are those that describe it, with its song."""
        mirror, _ = open_set(messages, ())
        return msgspec.msgpack.encode(describe_clip(mirror, clip, self._players.styles, self._live_recall))

    @cached_property
    def _live_recall(self) -> Recall:
        """What is known of the user's own files: read as the daemon reads them, with its cache."""
        return Recall(self._home, self._players.styles, ConfigFolder(self._home).peek_settings())

    def _open(self, command: OnSet) -> _Open | None:
        """Return the set that a command is for, or None if it is not here."""
        source = command.source
        if source is not None:
            mirror, next_id = open_set(source.document, source.steps)
            memory = _MEMORIES.decode(source.memory) if source.memory else NOTHING
            return self._keep(command.session, _Open(command.basis, StoredSet(mirror, source.version, next_id), memory))
        kept = self._sets.get(command.session)
        if kept is None or kept.basis != command.basis:
            return None
        self._sets.move_to_end(command.session)
        return kept

    def _keep(self, session: str, opened: _Open) -> _Open:
        self._sets[session] = opened
        self._sets.move_to_end(session)
        while len(self._sets) > SETS_KEPT:
            self._sets.popitem(last=False)
        return opened

    def _on_set(self, command: OnSet, opened: _Open) -> Reply:
        match command:
            case Perform():
                return self._perform(command, opened)
            case Apply():
                return self._apply(command, opened)
            case Place():
                written, analysis = self._examiner.place(opened.stored, command)
                return self._made(command, opened.stored, "analyze", written, Recollection(opened.memory), analysis)
            case Replay():
                performed = replay(opened.stored.mirror, unpack(command.messages), opened.stored.next_id)
                recollection = Recollection(opened.memory, _tastes(command.tastes))
                if command.undone:
                    recollection = remember_undone(command.session, recollection, command.undone, time.time())
                written = Written(performed, command.sentence, (), (), 0.0)
                return self._made(command, opened.stored, command.do, written, recollection)
            case Interpret():
                return self._interpret(command, opened)
            case Detail():
                clip = find_clip_id(opened.stored.mirror, command.clip, command.slot)
                if command.encoding == "path":
                    return Returned(command.number, path_of_clip(opened.stored.mirror, clip))
                detail = describe_clip(opened.stored.mirror, clip, self._players.styles, self._recall)
                return Returned(command.number, msgspec.msgpack.encode(detail))
            case View() if command.encoding == "memory":
                return Returned(command.number, msgspec.msgpack.encode(opened.memory))
            case View() if command.encoding == "midi":
                piece = arrange(opened.stored.mirror, self._players.engines, None)
                return Returned(command.number, encode_parts(piece.parts, piece.bpm, piece.key, piece.name))
            case View() if command.encoding == "packed":
                return Returned(command.number, pack(opened.stored.mirror.messages()))
            case View():
                return Returned(command.number, _encode(_view(opened.stored, command.since), command.encoding))
        raise TypeError(f"{type(command).__name__} is no command")

    def _perform(self, command: Perform, opened: _Open) -> Made:
        stored, recollection = opened.stored, Recollection(opened.memory)
        request = _REQUESTS.decode(command.request)
        do = str(type(request).__struct_config__.tag)
        if command.clip:
            request = move_to_slot(request, stored.mirror, command.clip)
        request = spread(request, stored.mirror)
        message = message_of(request, session=1, press=1)
        if isinstance(message, Analyze):
            written, analysis = self._examiner.examine(stored, message, command.request_id)
            return self._made(command, stored, "analyze", written, recollection, analysis)
        if not isinstance(message, COMPOSED):
            raise ValueError(f"{type(message).__name__} is not composed at once")
        try:
            written = perform_message(
                stored,
                request,
                message,
                command.request_id,
                command.session,
                self._players,
                self._recall,
                command.song,
                command.parent,
            )
        except RequestError:
            failed = remember_failed(stored.mirror, command.session, message, recollection)
            self._sets[command.session] = replace(opened, memory=failed.memory)
            raise
        if command.is_preview:
            outcome = _outcome(command.request_id, do, written, None)
            return Made(command.number, _encode(outcome, command.encoding))
        last = written.takes[-1] if written.takes else None
        recollection = remember_done(
            written.performed.mirror,
            command.session,
            message,
            recollection,
            request_id=command.request_id,
            name=written.sentence,
            place=(last.track, last.scene) if last else (0, 0),
            now=time.time(),
        )
        if command.said and command.said != written.sentence:
            written = replace(written, notices=(command.said, *written.notices))
        return self._made(command, stored, do, written, recollection)

    def _apply(self, command: Apply, opened: _Open) -> Made:
        made, edits = command.made, unpack_edits(command.made.edits)
        performed = perform(opened.stored.mirror, edits, opened.stored.next_id, measure_audio)
        request = _REQUESTS.decode(command.request)
        takes = takes_of_sounds(performed, edits, made.takes, request, command.request_id, command.session)
        written = Written(performed, made.sentence, made.notices, takes, 0.0)
        return self._made(command, opened.stored, command.do, written, Recollection(opened.memory))

    def _interpret(self, command: Interpret, opened: _Open) -> Interpreted:
        understood = understand(
            opened.stored.mirror,
            command.session,
            command.text,
            Recollection(opened.memory, _tastes(command.tastes)),
            read_understander(self._players.styles),
            self._players.styles,
            now=command.now,
            recall=self._recall,
        )
        after = understood.recollection
        self._keep(command.session, replace(opened, memory=after.memory))
        tastes = msgspec.msgpack.encode(after.tastes)
        return Interpreted(
            number=command.number,
            sentence=understood.sentence,
            request=b"" if understood.request is None else msgspec.msgpack.encode(understood.request),
            asks=understood.asks,
            is_lost=understood.is_lost,
            memory=msgspec.msgpack.encode(after.memory),
            tastes=tastes if tastes != command.tastes else b"",
        )

    def _made(
        self,
        command: Perform | Apply | Place | Replay,
        stored: StoredSet,
        do: str,
        written: Written,
        recollection: Recollection,
        analysis: dict[str, Any] | None = None,
    ) -> Made:
        performed = written.performed
        has_changed = bool(performed.forward)
        version = stored.version + has_changed
        outcome = _outcome(command.request_id, do, written, version if has_changed else None, analysis)
        body = _encode(outcome, command.encoding)
        if not has_changed:
            self._keep(command.session, _Open(command.basis, stored, recollection.memory))
            return Made(command.number, body)
        after = StoredSet(performed.mirror, version, performed.next_id)
        self._keep(command.session, _Open(command.request_id, after, recollection.memory))
        event = b""
        if command.has_audience:
            changed = SetChanged(
                changes=view_changes(performed.mirror, version, performed.forward),
                request=command.request_id,
                do=do,
                by=command.by,
                sentence=written.sentence,
                takes=outcome.takes,
            )
            event = msgspec.msgpack.encode(changed)
        tastes = b""
        if isinstance(command, Replay) and command.tastes:
            tastes = msgspec.msgpack.encode(recollection.tastes)
        return Made(
            number=command.number,
            body=body,
            forward=pack(performed.forward),
            backward=pack(performed.backward),
            label=written.sentence,
            takes=tuple(_row(take) for take in written.takes),
            event=event,
            tastes=b"" if isinstance(command, Replay) and tastes == command.tastes else tastes,
        )


def _outcome(
    request_id: str, do: str, written: Written, version: int | None, analysis: dict[str, Any] | None = None
) -> Outcome:
    return Outcome(
        request=request_id,
        do=do,
        sentence=written.sentence,
        milliseconds=round(written.milliseconds, 3),
        version=version,
        notices=written.notices,
        takes=written.takes,
        analysis=analysis,
    )


def _tastes(packed: bytes) -> Preferences:
    return _TASTES.decode(packed) if packed else NO_PREFERENCES


def _view(stored: StoredSet, since: tuple[bytes, ...] | None) -> SetChanges:
    if since is None:
        return view_set(stored.mirror, stored.version)
    messages = (message for step in since for message in unpack(step))
    return view_changes(stored.mirror, stored.version, messages)


_NOT_STORED: Final = frozenset(("notes", "liked", "session", "number"))


def _row(take: Take) -> TakeRow:
    fields = {name: getattr(take, name) for name in take.__struct_fields__ if name not in _NOT_STORED}
    measures = {}
    if take.notes:
        key = Key.parse(take.key) if take.key and take.part != "drums" else None
        measures = by_family(measure_notes([(note[0], note[1]) for note in take.notes], take.length_beats, key))
    return TakeRow(fields, msgspec.msgpack.encode(take.notes), measures)


def _encode(value: Any, encoding: str) -> bytes:
    return msgspec.json.encode(value) if encoding == "json" else msgspec.msgpack.encode(value)
