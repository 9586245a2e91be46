"""The open Live sets: their mirrors, the audio in view, and the clips that arrive on marked tracks."""

from __future__ import annotations

import time

from musearoo.bridge.core.events.incoming import ClipAnalyzed, ClipArrived, ScriptLost, ScriptMessageReceived
from musearoo.bridge.live_set.arrivals import Arrivals
from musearoo.bridge.live_set.listening import Passage, is_another_sound, passage_of, passages_in_view
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipAudio, EqualiserState, InstrumentState, MixerState, Result, TrackState
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.findings import describe_change, describe_findings
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.harmony_watch import HarmonyWatch
from musearoo.bridge.services.outcomes import clip_written
from musearoo.engines.music.knowledge.analysis import Analysis


class LiveSetService:
    """Keep the mirrors of the open sets up to date and analyse what is in view. For the event loop's thread only."""

    def __init__(self, services: DaemonServices) -> None:
        self._services = services
        self._harmony = HarmonyWatch(services)
        self._arrivals: dict[int, Arrivals] = {}
        self._view_is_stale = False

    def on_message(self, link: int, message: Message) -> None:
        """Apply a script's message to its mirror, and report it as an event."""
        now = time.monotonic()
        if link in self._services.state.lives:
            mirror = self._services.mirrors.setdefault(link, SetMirror())
            self._apply(link, mirror, message, now)
            if isinstance(message, Result):
                press = self._services.state.press_of(message.request)
                edits = press.messages[1:] if press is not None else ()
                self._services.handle(
                    clip_written(now, message, mirror, edits, set(self._services.settings.instruments.values()))
                )
                return
        self._services.handle(ScriptMessageReceived(now, link, message))

    def on_lost(self, link: int) -> None:
        """Forget the set of a connection that has ended, and report that."""
        self._services.mirrors.pop(link, None)
        self._arrivals.pop(link, None)
        self._harmony.forget(link)
        self._view_is_stale = True
        self._services.handle(ScriptLost(time.monotonic(), link))

    def on_analysis(self, passage: Passage, before: Analysis | None, after: Analysis) -> None:
        """Report a new or better analysis of a passage to every Live that has a clip of it."""
        for link, mirror in self._services.mirrors.items():
            clips = [clip for clip in mirror.clips_of_file(passage.path) if passage_of(mirror, clip.id) == passage]
            if not clips:
                continue
            clip = next((clip for clip in clips if clip.id == mirror.selection.clip), clips[0])
            name = clip.name or mirror.tracks[clip.track].name
            is_shown = clip.id == mirror.selection.clip
            sentence, logged = (
                describe_change(called, before, after) if before else describe_findings(called, after)
                for called in (name, "A clip")
            )
            self.note_change(link)
            event = ClipAnalyzed(time.monotonic(), link, sentence, logged, to_devices=bool(before) or is_shown)
            self._services.handle(event)

    def note_change(self, link: int) -> None:
        """Note that a set may sound different now: its harmony is read again once it has settled."""
        self._harmony.note_change(link, time.monotonic())

    def poll(self, now: float) -> None:
        """Queue the audio that came into view, and look for settled harmony and new clips."""
        if self._view_is_stale and self._services.settings.listen:
            self._view_is_stale = False
            complete = (mirror for mirror in self._services.mirrors.values() if mirror.complete)
            self._services.analyses.want([passage for mirror in complete for passage in passages_in_view(mirror)])
        self._harmony.poll(now)
        self._poll_arrivals()

    def _apply(self, link: int, mirror: SetMirror, message: Message, now: float) -> None:
        if isinstance(message, ClipAudio) and is_another_sound(mirror.audio.get(message.clip), message):
            self._services.analyses.forget(message.file_path)
        changed = mirror.apply(message)
        self._view_is_stale |= changed and not isinstance(message, InstrumentState | MixerState | EqualiserState)
        if changed and not isinstance(message, TrackState | MixerState | EqualiserState):
            self._harmony.note_change(link, now)

    def _poll_arrivals(self) -> None:
        """Report the clips that have arrived on tracks marked for splitting."""
        settings = self._services.settings
        for link, mirror in list(self._services.mirrors.items()):
            arrivals = self._arrivals.get(link)
            if arrivals is None:
                arrivals = self._arrivals[link] = Arrivals(settings.auto_split_tracks, settings.auto_split_mutes)
            for clip, mark in arrivals.poll(mirror, self._services.state.marks_for(link), time.monotonic()):
                self._services.handle(ClipArrived(time.monotonic(), link, clip, mark))
