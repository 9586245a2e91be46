"""The daemon: wires mirror, conductor, engines and links together, and performs what the conductor decides."""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from musearoo import __version__
from musearoo.bridge.analysis.analyzer import AudioAnalyzer
from musearoo.bridge.analysis.queue import AnalysisQueue
from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.copilot.dialogue import Copilot
from musearoo.bridge.core.composing import Players
from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events import (
    ArmEar,
    Capture,
    ClipArrived,
    ClipHeard,
    CloseEar,
    CloseScript,
    Compose,
    DeviceHeard,
    DropSpeech,
    Effect,
    EffectFailed,
    Event,
    Hear,
    ImagineLoops,
    KeepDeviceSecret,
    KeepSelfTest,
    NoteDone,
    NoteFailed,
    NoteUndone,
    OpenEar,
    RemoveFiles,
    Report,
    ScriptHeard,
    ScriptLost,
    SelfTestKept,
    SendToDevice,
    SendToScript,
    Separate,
    Source,
    StopWork,
    Ticked,
    Understand,
)
from musearoo.bridge.core.midi_events import (
    BeginJam,
    EndJam,
    FollowClocks,
    FollowLive,
    HearTake,
    HushTake,
    KeepPlayed,
)
from musearoo.bridge.core.state import State
from musearoo.bridge.imagining.generator import AudioGenerator
from musearoo.bridge.jobs.lazy import LazyWorker
from musearoo.bridge.links.device import DeviceLink
from musearoo.bridge.links.script import ScriptLink
from musearoo.bridge.live_set.arrivals import Arrivals
from musearoo.bridge.live_set.listening import Passage, is_another_sound, passage_of, passages_in_view
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ClipAudio, EqualiserState, Hello, MixerState, Result, SetReady, TrackState
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.protocol.types import Message, for_session
from musearoo.bridge.requests.findings import describe_change, describe_findings
from musearoo.bridge.requests.self_test import write_checks
from musearoo.bridge.services.analyze import AnalysisService
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.services.bounded_threads import BoundedThreads
from musearoo.bridge.services.capture import CaptureService
from musearoo.bridge.services.compose import ComposeService
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.harmony_watch import HarmonyWatch
from musearoo.bridge.services.midi import MidiService
from musearoo.bridge.services.outcomes import clip_written, effect_failed
from musearoo.bridge.services.sound import AudioService
from musearoo.bridge.services.speech import SpeechService
from musearoo.bridge.services.warm_up import warm_up
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder, DeviceKey, Endpoint, SelfTestReport
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.stems.splitter import Splitter
from musearoo.engines.language.copilot.interpreter import Interpreter
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.styles.schema import Style

TICK = 0.1
"""Seconds between two looks at the clock: repeats to devices are due every 0.25 s."""

COMPOSERS = 2
"""Threads that run engines: a second press does not wait for a long first one."""

SWITCH_AFTER = 0.001
"""Seconds after which a busy engine lets the event loop run: Python's own 5 ms would delay acknowledgements."""


class Daemon:
    """One running daemon. Everything but the engines happens in the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        token: str,
        device_secret: str,
        styles: Mapping[str, Style],
        home: Path,
        analyzer: AudioAnalyzer,
        splitter: Splitter,
        generator: AudioGenerator,
        worker: LazyWorker,
        engines: Sequence[EngineRecord] = ENGINES,
        interpreter: Interpreter | None = None,
    ) -> None:
        self._settings = settings
        self._folder = ConfigFolder(home)
        self._styles = styles
        self._state = State(
            token=token,
            daemon_version=__version__,
            default_sample_rate=settings.sample_rate,
            device_secret=device_secret,
            run=secrets.randbelow(2**30) + 1,
            started_at=time.monotonic(),
            clocks=tuple(ClockSource(source) for source in settings.clock),
        )
        self._engines = tuple(engines)
        self._patterns = PatternLibrary()
        self._players = Players(self._engines, styles, play_with_patience, self._patterns)
        self._mirrors: dict[int, SetMirror] = {}
        self._scripts = ScriptLink(self._script_heard, self._script_lost)
        self._devices = DeviceLink(self._device_heard, self._handle)
        self._analyzer = analyzer
        self._worker = worker
        self._arrivals: dict[int, Arrivals] = {}
        self._view_is_stale = False
        self._composers = BoundedThreads(COMPOSERS, thread_name_prefix="composer")
        # What must be on the disk before it is answered: one after the other, and never in the event loop's way.
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._captures = CaptureService(home, analyzer)
        around = DaemonServices(
            settings=settings,
            home=home,
            mirrors=self._mirrors,
            engines=self._engines,
            ask_state=lambda: self._state,
            ask_styles=lambda: self._styles,
            ask_analyses=lambda: self._listener,
            threads=self._composers,
            tell=self._handle,
        )
        self._harmony = HarmonyWatch(around.threads, around.ask_styles, around.recall, around.tell)
        self._hearing = AnalysisService(around)
        self._sounds = AudioService(around, splitter, generator, self._captures, self._note_heard)
        self._copilot = Copilot(home, around.ask_styles, around.recall, interpreter)
        self._talk = SpeechService(
            self._copilot, settings, home, self._mirrors, around.ask_state, around.threads, self._keeper, around.tell
        )
        self._midi = MidiService(around)
        self._composing = ComposeService(around, lambda: self._players, self._midi.played)
        self._loop: asyncio.AbstractEventLoop
        self._listener: AnalysisQueue
        self._next_tick: asyncio.TimerHandle
        self.on_report: Callable[[Report], None] | None = None

    async def start(self) -> Endpoint:
        """Listens on both links; raises OSError when no port is free."""
        self._loop = asyncio.get_running_loop()
        sys.setswitchinterval(SWITCH_AFTER)
        self._listener = AnalysisQueue(self._analyzer, self._loop, self._clip_heard)
        await self._scripts.start(self._settings.script_port)
        try:
            await self._devices.start(self._settings.device_port)
        except OSError:
            await self._scripts.stop()
            raise
        self._talk.start()
        self._midi.start()
        self._state = replace(self._state, captures=self._captures.open())
        self._next_tick = self._loop.call_later(TICK, self._tick)
        self._composers.submit(warm_up, self._engines, self._styles, self._analyzer, self._patterns)
        self._composers.submit(self._copilot.warm)
        self._composers.submit(self._midi.warm)
        return Endpoint(self._scripts.port, self._devices.port, os.getpid(), __version__)

    def take_styles(self, styles: Mapping[str, Style]) -> None:
        """Plays in these styles from the next press on."""
        self._talk.take_styles(self._styles, styles)
        self._styles = styles
        self._players = replace(self._players, styles=styles)

    async def stop(self) -> None:
        """Closes the links and waits for engines that still run."""
        self._next_tick.cancel()
        self._devices.stop()
        await self._scripts.stop()
        await self._sounds.close()
        self._talk.close()
        self._midi.close()
        self._composers.shutdown(cancel_futures=True)
        self._keeper.shutdown()
        self._listener.stop()
        self._analyzer.close()
        self._worker.close()

    @property
    def state(self) -> State:
        """What the conductor knows, for the status line."""
        return self._state

    # Each handler below turns something that happened into an event; nothing is decided here.

    def _device_heard(self, source: Source, message: Message) -> None:
        self._handle(DeviceHeard(time.monotonic(), source, message))
        if isinstance(message, Hello) and any(each.hello is message for each in self._state.sessions.values()):
            self._talk.expect()
            self._midi.expect()

    def _script_heard(self, link: int, message: Message) -> None:
        now = time.monotonic()
        if isinstance(message, SetReady):
            self._midi.expect()
        if link in self._state.lives:
            mirror = self._mirrors.setdefault(link, SetMirror())
            if isinstance(message, ClipAudio) and is_another_sound(mirror.audio.get(message.clip), message):
                self._listener.forget(message.file_path)
            changed = mirror.apply(message)
            self._view_is_stale |= changed
            if changed and not isinstance(message, TrackState | MixerState | EqualiserState):
                self._harmony.note_change(link, now)
            if isinstance(message, Result):
                self._handle(clip_written(now, message, mirror))
                return
        self._handle(ScriptHeard(now, link, message))

    def _note_heard(self, link: int) -> None:
        self._harmony.note_change(link, time.monotonic())

    def _script_lost(self, link: int) -> None:
        self._mirrors.pop(link, None)
        self._arrivals.pop(link, None)
        self._harmony.forget(link)
        self._view_is_stale = True
        self._handle(ScriptLost(time.monotonic(), link))

    def _tick(self) -> None:
        self._next_tick = self._loop.call_later(TICK, self._tick)
        self._handle(Ticked(time.monotonic()))
        if self._view_is_stale and self._settings.listen:
            self._view_is_stale = False
            complete = (mirror for mirror in self._mirrors.values() if mirror.complete)
            self._listener.want([passage for mirror in complete for passage in passages_in_view(mirror)])
        self._listener.look(self._loop.time())
        self._harmony.look(self._mirrors, time.monotonic())
        self._midi.look(time.monotonic())
        self._look_for_arrivals()

    def _look_for_arrivals(self) -> None:
        """Has what came onto marked tracks split."""
        for link, mirror in list(self._mirrors.items()):
            known = self._arrivals.get(link)
            if known is None:
                known = Arrivals(self._settings.auto_split_tracks, self._settings.auto_split_mutes)
                self._arrivals[link] = known
            for clip, mark in known.look(mirror, self._state.marks_for(link), time.monotonic()):
                self._handle(ClipArrived(time.monotonic(), link, clip, mark))

    def _handle(self, event: Event) -> None:
        self._state, effects = conduct(self._state, event)
        failed: list[EffectFailed] = []
        for effect in effects:
            try:
                self._perform(effect)
            except Exception as error:
                # One effect that fails must not cost the others, which may be another device's.
                LOG.exception("An effect failed: %s", type(effect).__name__)
                failed.append(effect_failed(effect, error))
        for failure in failed:
            self._handle(failure)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case SendToDevice(host, port, message, session):
                self._devices.send(host, port, for_session(message, session) if session else message)
            case SendToScript(link, messages):
                self._scripts.send(link, messages)
            case CloseScript(link):
                self._scripts.close(link)
            case Compose():
                self._composing.begin(effect)
            case Hear():
                self._hearing.begin(effect)
            case Separate() | ImagineLoops() | Capture():
                self._sounds.begin(effect)
            case StopWork(key):
                self._composing.stop(key)
                self._hearing.stop(key)
                self._sounds.stop(key)
            case RemoveFiles(paths):
                self._keeper.submit(remove_files, paths)
            case OpenEar() | CloseEar() | DropSpeech() | ArmEar() | Understand():
                self._talk.perform(effect)
            case NoteDone() | NoteFailed() | NoteUndone():
                self._talk.perform(effect)
            case HearTake() | HushTake() | KeepPlayed() | BeginJam() | EndJam() | FollowLive() | FollowClocks():
                self._midi.perform(effect)
            case KeepSelfTest():
                self._keeper.submit(self._keep_self_test, effect)
            case KeepDeviceSecret(secret):
                self._folder.keep_device_key(DeviceKey(self._devices.port, secret))
            case Report():
                logged = effect.sentence if effect.logged is None else effect.logged
                if logged:
                    (LOG.warning if effect.warning else LOG.info)("%s", logged)
                if self.on_report:
                    self.on_report(effect)

    def _keep_self_test(self, order: KeepSelfTest) -> None:
        """Runs in the keeper's thread: the disk takes its time."""
        fault = ""
        try:
            self._folder.keep_self_test(SelfTestReport(time.time(), order.live_version, write_checks(order.checks)))
        except ConfigError as error:
            fault = str(error)
        except Exception:
            LOG.exception("The report of a self-test could not be kept by a fault of ours")
            fault = "that is a fault of ours, and the log says where."
        self._loop.call_soon_threadsafe(self._handle, SelfTestKept(time.monotonic(), order.key, fault))

    def _clip_heard(self, passage: Passage, before: Analysis | None, after: Analysis) -> None:
        """Tells the Lives that show the passage what is known of it now."""
        for link, mirror in self._mirrors.items():
            clips = [clip for clip in mirror.clips.values() if passage_of(mirror, clip.id) == passage]
            if not clips:
                continue
            clip = next((clip for clip in clips if clip.id == mirror.selection.clip), clips[0])
            name = clip.name or mirror.tracks[clip.track].name
            is_shown = clip.id == mirror.selection.clip
            sentence, logged = (
                describe_change(called, before, after) if before else describe_findings(called, after)
                for called in (name, "A clip")
            )
            self._harmony.note_change(link, time.monotonic())
            self._handle(ClipHeard(time.monotonic(), link, sentence, logged, to_devices=bool(before) or is_shown))
