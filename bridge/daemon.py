"""The daemon: the composition root that builds, starts and stops all parts, and performs the conductor's effects."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo import __version__
from musearoo.bridge.analysis.analyzer import AudioAnalyzer, audio_folders
from musearoo.bridge.analysis.queue import AnalysisQueue
from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.copilot.dialogue import Copilot
from musearoo.bridge.core.composing import Players
from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.ambience import AmbienceEffect
from musearoo.bridge.core.events.effects import (
    AnalyzeClip,
    CloseClient,
    CloseScript,
    Compose,
    Effect,
    KeepDeviceSecret,
    KeepSelfTest,
    RemoveFiles,
    Report,
    SendMetrics,
    SendToClient,
    SendToDevice,
    SendToScript,
    StopWork,
    WatchSets,
)
from musearoo.bridge.core.events.incoming import (
    ClientLost,
    ClientMessageReceived,
    DeviceMessageReceived,
    EffectFailed,
    Event,
    SelfTestKept,
    Source,
    Ticked,
    client_of,
)
from musearoo.bridge.core.events.midi import MidiEffect
from musearoo.bridge.core.events.versions import VersionEffect
from musearoo.bridge.core.state import State
from musearoo.bridge.jobs.lazy import LazyWorker
from musearoo.bridge.links.device import DeviceLink
from musearoo.bridge.links.stream import Role, StreamLink
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.metrics.observer import DaemonMetrics
from musearoo.bridge.metrics.registry import Reading
from musearoo.bridge.process.bounded_threads import BoundedThreads
from musearoo.bridge.process.ticker import Ticker
from musearoo.bridge.protocol import ApiMetrics, Heartbeat, Hello, Result, SetReady
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.protocol.types import Message, Route, for_session
from musearoo.bridge.requests.effort import GAP_BOUND, LAG_BOUND
from musearoo.bridge.requests.self_test import write_checks
from musearoo.bridge.services.analyze import AnalysisService
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.services.capture import CaptureService
from musearoo.bridge.services.compose import ComposeService
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.live_sets import LiveSetService
from musearoo.bridge.services.outcomes import effect_failed
from musearoo.bridge.services.playing.ambience import AmbienceService
from musearoo.bridge.services.playing.midi import MidiService
from musearoo.bridge.services.predict import SENTENCES, PredictService
from musearoo.bridge.services.request_ids import request_of
from musearoo.bridge.services.set_watch import SET_HEAD, SetWatch
from musearoo.bridge.services.sound import AudioEffect, AudioService
from musearoo.bridge.services.speech import SpeechEffect, SpeechService
from musearoo.bridge.services.versions import VersionsService
from musearoo.bridge.services.warm_up import WarmUp, engine_steps
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder, DeviceKey, Endpoint, SelfTestReport
from musearoo.bridge.settings.logs import LOG, about_request
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_live_sounds
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.bridge.imagining.generator import AudioGenerator
    from musearoo.bridge.stems.splitter import Splitter
    from musearoo.engines.language.copilot.interpreter import Interpreter

LIVELY_FOR = 1.0
"""Seconds of frequent ticks after a set has changed: clips settle, and harmony is read, within less."""

ENGINE_THREADS = 2
"""Threads that run engines: a second request does not wait for a long first one."""

SWITCH_AFTER = 0.001
"""Seconds after which a busy engine lets the event loop run: Python's own 5 ms would delay acknowledgements."""


class Daemon:
    """One running daemon. Everything but the engines runs in the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        token: str,
        device_secret: str,
        styles: Mapping[str, Style],
        home: Path,
        analyzer: AudioAnalyzer,
        make_splitter: Callable[[], Splitter],
        make_generator: Callable[[], AudioGenerator],
        worker: LazyWorker,
        engines: Sequence[EngineRecord] = ENGINES,
        interpreter: Interpreter | None = None,
    ) -> None:
        self._settings = settings
        self._folder = ConfigFolder(home)
        self._worker = worker
        self._analyzer = analyzer
        self._analyses = AnalysisQueue(analyzer, self._on_analysis)
        self._threads = BoundedThreads(ENGINE_THREADS, thread_name_prefix="composer")
        # What must be on disk before it is answered: one file after the other, off the event loop.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._services = services = DaemonServices(
            settings=settings,
            home=home,
            engines=tuple(engines),
            styles=styles,
            state=State(
                token=token,
                daemon_version=__version__,
                default_sample_rate=settings.sample_rate,
                device_secret=device_secret,
                run=secrets.randbelow(2**30) + 1,
                started_at=time.monotonic(),
                clocks=tuple(ClockSource(source) for source in settings.clock),
                hears_in_live=settings.hear == "live",
            ),
            mirrors={},
            analyses=self._analyses,
            threads=self._threads,
            handle=self.handle,
            sounds=Sounds(read_live_sounds(), settings.instruments),
        )
        self._patterns = PatternLibrary()
        players = Players(services.engines, styles, play_with_patience, self._patterns, services.sounds)
        self._captures = CaptureService(home, analyzer)
        self._copilot = Copilot(home, styles, services.recall, interpreter)
        self._live_sets = LiveSetService(services)
        self._analysis = AnalysisService(services)
        self._midi = MidiService(services)
        self._ambience = AmbienceService(services, self._midi)
        self._speech = SpeechService(services, self._copilot, self._writer)
        self._audio = AudioService(services, make_splitter, make_generator, self._captures, self._live_sets.note_change)
        self._versions = VersionsService(services, audio_folders(settings, home), self._is_idle, self._report)
        self._predict = PredictService(services, lambda: self._compose.players, self._is_idle, self._on_likely)
        self._compose = ComposeService(services, players, self._midi.played, self._predict.take)
        self._metrics = DaemonMetrics(lambda: services.state, services.engines, self._readings())
        self._stream = StreamLink(
            Role(self._on_script_message, self._on_script_lost), Role(self._on_client_message, self._on_client_lost)
        )
        self._set_watch = SetWatch(services, self._stream.send)
        self._devices = DeviceLink(self._on_device_message, self.handle)
        self._started = AsyncExitStack()
        self._warming = WarmUp(lambda: services.state.presses, SWITCH_AFTER)
        self._loaded = set[str]()
        self._ticker = Ticker(self._tick, self._is_lively)
        self._changed_at = -LIVELY_FOR
        self.on_report: Callable[[Report], None] | None = None

    async def start(self) -> Endpoint:
        """Start all parts in order; returns where they listen. Raises OSError when no port is free."""
        sys.setswitchinterval(SWITCH_AFTER)
        async with AsyncExitStack() as started:
            started.callback(self._worker.close)
            started.callback(self._analyzer.close)
            started.callback(self._analyses.stop)
            started.callback(self._writer.shutdown)
            started.callback(self._threads.shutdown, cancel_futures=True)
            started.callback(self._warming.close)
            started.callback(self._midi.close)
            started.callback(self._ambience.close)
            started.callback(self._speech.close)
            started.push_async_callback(self._audio.close)
            started.callback(self._versions.close)
            started.callback(self._predict.save)
            await self._stream.start(self._settings.script_port)
            started.push_async_callback(self._stream.stop)
            await self._devices.start(self._settings.device_port)
            started.callback(self._devices.stop)
            self._speech.start()
            self._midi.start()
            self._services.state = replace(self._services.state, captures=self._captures.open())
            self._ticker.start()
            started.callback(self._ticker.stop)
            if self._settings.warm_up:
                self._warming.start(engine_steps(self._services.engines, self._services.styles))
            self._started = started.pop_all()
        return Endpoint(self._stream.port, self._devices.port, os.getpid(), __version__)

    async def stop(self) -> None:
        """Stop all parts in reverse order, and wait for engines that still run."""
        await self._started.aclose()

    def use_styles(self, styles: Mapping[str, Style]) -> None:
        """Play in these styles from the next request on."""
        self._speech.use_styles(styles)
        self._compose.use_styles(styles)
        self._services.styles = styles

    @property
    def state(self) -> State:
        """The conductor's state, for the status line."""
        return self._services.state

    def metrics_text(self) -> str:
        """Return the daemon's metrics in Prometheus' text format. For the event loop's thread only."""
        return self._metrics.text()

    def handle(self, event: Event) -> None:
        """Let the conductor decide about an event, and perform the effects that follow."""
        before = self._services.state
        after, effects = conduct(before, event)
        self._services.state = after
        with about_request(request_of(before, after, event)):
            failed = self._perform_each(effects)
        self._metrics.observe(before, after, event, effects)
        self._predict.observe(before, after, event)
        for failure in failed:
            self.handle(failure)
        self._ticker.hurry()

    def _perform_each(self, effects: Sequence[Effect]) -> list[EffectFailed]:
        """Perform effects in their order, and return the failures."""
        failed: list[EffectFailed] = []
        for effect in effects:
            try:
                self._perform(effect)
            except Exception as error:
                # One effect that fails must not cost the others, which may be another device's.
                LOG.exception("An effect failed: %s", type(effect).__name__)
                failed.append(effect_failed(effect, error))
        return failed

    def _is_idle(self) -> bool:
        """Whether no request, no sentence, no analysis and no job is under way or waits."""
        state = self._services.state
        is_asked = state.presses or state.sentences or state.jam is not None
        return not is_asked and self._threads.waiting == 0 and self._analyses.is_idle and self._worker.unfinished == 0

    def _readings(self) -> dict[tuple[str, ...], Reading]:
        """Return what the metrics read from the daemon's parts."""
        counts = self._predict.counts
        return {
            ("predictions_total", "hit"): lambda: counts.hits,
            ("predictions_total", "miss"): lambda: counts.misses,
            ("predictions_total", "wasted"): lambda: counts.wasted,
            ("prediction_work_seconds_total",): lambda: counts.work,
            ("lean_takes_total",): lambda: self._compose.lean_takes,
            **{("engine_lean", engine.name): self._read_lean(engine.name) for engine in self._services.engines},
            ("prediction_age_seconds_total",): lambda: counts.age,
            ("queue_length", "engines"): lambda: self._threads.waiting,
            ("queue_length", "jobs"): lambda: self._worker.unfinished,
            ("analysis_lookups_total", "hit"): lambda: self._analyzer.cache_hits.value(),
            ("analysis_lookups_total", "miss"): lambda: self._analyzer.cache_misses.value(),
            ("cache_entries", "analyses"): lambda: self._analyzer.cache_statistics().entries,
            ("cache_bytes", "analyses"): lambda: self._analyzer.cache_statistics().bytes,
            ("cache_evictions_total", "analyses"): lambda: self._analyzer.cache_statistics().evictions,
        }

    def _read_lean(self, engine: str) -> Reading:
        return lambda: float(engine in self._compose.efforts.lean)

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, MidiEffect):
            self._midi.perform(effect)
        elif isinstance(effect, AmbienceEffect):
            self._ambience.perform(effect)
        elif isinstance(effect, SpeechEffect):
            self._speech.perform(effect)
        elif isinstance(effect, AudioEffect):
            self._audio.begin(effect)
        elif isinstance(effect, VersionEffect):
            self._versions.begin(effect)
        match effect:
            case SendToDevice(host, port, message, session):
                addressed = for_session(message, session) if session else message
                if client := client_of(host):
                    self._stream.send(client, (addressed,))
                else:
                    self._devices.send(host, port, addressed)
            case SendToScript(link, messages) | SendToClient(link, messages):
                self._stream.send(link, messages)
            case CloseScript(link) | CloseClient(link):
                self._stream.close(link)
            case WatchSets(link, is_on):
                self._set_watch.watch(link, is_on)
            case SendMetrics(link):
                self._stream.send(link, (ApiMetrics(self.metrics_text()),))
            case Compose():
                self._compose.begin(effect)
            case AnalyzeClip():
                self._analysis.begin(effect)
            case StopWork(key):
                self._compose.stop(key)
                self._analysis.stop(key)
                self._audio.stop(key)
                self._versions.stop(key)
            case RemoveFiles(paths):
                self._writer.submit(remove_files, paths)
            case KeepSelfTest():
                self._writer.submit(self._save_self_test, effect, asyncio.get_running_loop())
            case KeepDeviceSecret(secret):
                self._folder.keep_device_key(DeviceKey(self._devices.port, secret))
            case Report():
                self._report(effect)

    def _report(self, report: Report) -> None:
        """Log a sentence for the user, and show it in the terminal."""
        logged = report.sentence if report.logged is None else report.logged
        if logged:
            (LOG.warning if report.warning else LOG.info)("%s", logged)
        if self.on_report:
            self.on_report(report)

    def _save_self_test(self, test: KeepSelfTest, loop: asyncio.AbstractEventLoop) -> None:
        """Write the report of a self-test. Runs in the writer's thread."""
        fault = ""
        try:
            self._folder.keep_self_test(SelfTestReport(time.time(), test.live_version, write_checks(test.checks)))
        except ConfigError as error:
            fault = str(error)
        except Exception:
            LOG.exception("The report of a self-test could not be kept by a fault of ours")
            fault = "that is a fault of ours, and the log says where."
        loop.call_soon_threadsafe(self.handle, SelfTestKept(time.monotonic(), test.key, fault))

    # Each handler below turns something that happened into an event; nothing is decided here.

    def _on_device_message(self, source: Source, message: Message) -> None:
        self.handle(DeviceMessageReceived(time.monotonic(), source, message))
        if isinstance(message, Hello) and any(each.hello is message for each in self.state.sessions.values()):
            self._speech.expect()
            self._midi.expect()
            self._warm_up_for_live()

    def _on_script_message(self, link: int, message: Message) -> None:
        if isinstance(message, SetReady):
            self._midi.expect()
            self._warm_up_for_live()
        elif isinstance(message, Result):
            self._set_watch.on_result(link, message)
            self._versions.on_result(link, message)
        elif isinstance(message, Heartbeat):
            live = self._services.state.lives.get(link)
            if live is not None and live.ready:
                # Before, the script has its hands full with telling the set.
                self._observe(message.largest_gap_ms / 1000 / GAP_BOUND)
        self._live_sets.on_message(link, message)
        self._set_watch.on_message(link, message)
        if isinstance(message, SetReady):
            self._versions.on_ready(link)
        if message.path.startswith(SET_HEAD):
            self._predict.note_change()
            self._versions.on_message(link, message)
            self._changed_at = time.monotonic()
            self._ticker.hurry()
        self._ticker.ride()

    def _on_script_lost(self, link: int) -> None:
        self._versions.on_lost(link)
        self._live_sets.on_lost(link)
        self._set_watch.on_lost(link)

    def _on_client_message(self, link: int, message: Message) -> None:
        if message.route is Route.DEVICE_TO_DAEMON:
            self._on_device_message(Source.of_client(link), message)
        else:
            self.handle(ClientMessageReceived(time.monotonic(), link, message))

    def _on_client_lost(self, link: int) -> None:
        self.handle(ClientLost(time.monotonic(), link))

    def _on_analysis(self, passage: Passage, before: Analysis | None, after: Analysis) -> None:
        self._live_sets.on_analysis(passage, before, after)

    def _is_lively(self) -> bool:
        """Whether something is under way that frequent ticks are for."""
        state = self._services.state
        is_under_way = state.presses or state.sentences or any(each.outbox for each in state.sessions.values())
        return bool(is_under_way) or time.monotonic() - self._changed_at < LIVELY_FOR

    def _tick(self) -> None:
        now = time.monotonic()
        self._observe(self._ticker.lag / LAG_BOUND)
        self.handle(Ticked(now))
        self._live_sets.poll(now)
        self._set_watch.poll(now)
        self._analyses.poll(asyncio.get_running_loop().time())
        self._midi.poll(now)
        self._ambience.poll(now)
        self._versions.poll(now)
        self._predict.poll(now)

    def _observe(self, strain: float) -> None:
        """Choose what engines may spend. What the warm-up delays is no sign of a busy machine."""
        if self._warming.is_done:
            self._compose.observe(strain)
        if self._compose.efforts.lean:
            # What stands in for an engine that is late.
            self._load_ahead("patterns", self._patterns.warm)

    def _warm_up_for_live(self) -> None:
        """Load what playing along needs, as a Live or a device is there."""
        self._load_ahead("live", self._midi.warm)

    def _load_ahead(self, kind: str, *steps: Callable[[], object]) -> None:
        """Load once what may soon be asked for; without a sign of that, nobody needs its fifty megabytes."""
        if self._settings.warm_up and kind not in self._loaded:
            self._loaded.add(kind)
            self._warming.start(steps)

    def _on_likely(self, kind: str) -> None:
        """Load what sentences need, or jobs of a kind."""
        if kind == SENTENCES:
            self._load_ahead(kind, self._copilot.warm)
        else:
            self._load_ahead("jobs", self._audio.warm)
            self._worker().warm(kind)
