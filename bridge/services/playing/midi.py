"""The MIDI service: own the MIDI process, play takes, and watch what the player plays."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from musearoo.bridge.core.events.incoming import Composed
from musearoo.bridge.core.events.midi import (
    NO_OUTPUT,
    AuditionTake,
    BeginJam,
    EndJam,
    FollowClocks,
    FollowLive,
    KeepPlayed,
    MidiEffect,
    MidiSeen,
    MidiView,
    StopTake,
    Take,
    TakeSilenced,
)
from musearoo.bridge.core.playing_along import leading_live
from musearoo.bridge.midi.parts.bars import beat_at, next_bar
from musearoo.bridge.protocol import TransportState
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockSource,
    ClockState,
    Command,
    Fault,
    Follow,
    Incoming,
    PartState,
    Play,
    Ports,
    Report,
    Silence,
    Transport,
)
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import seconds_to_beats

if TYPE_CHECKING:
    from musearoo.bridge.midi.process_link import MidiLink
    from musearoo.bridge.requests.played import Played
    from musearoo.bridge.services.playing.jam import JamService
    from musearoo.bridge.services.playing.midi_player import MidiPlayer
    from musearoo.engines.improvisation.listening.played_notes import Recording

LEDGER: Final = "midi.ledger"
OUTPUT: Final = "midi.log"
"""Files in MuseAroo's folder: the ledger of sounding notes, which the next start silences, and library output."""

NEEDED: Final = (
    "musearoo.bridge.services.playing.jam",
    "musearoo.bridge.midi.process_link",
    "musearoo.bridge.services.playing.midi_player",
)
"""Modules that the daemon imports only when they are needed."""

SWITCHED_OFF: Final = "Live MIDI is switched off: set midi to true in the settings, and start the daemon again."

TAKE_NUMBERS: Final = 100
"""Part numbers per session: session n has those from 100 n; a jam has those below 100."""

LEAD_SECONDS: Final = 0.1
"""Seconds before a bar line by which a part must be sent; later ones start at the next bar line."""

REPORT_EVERY: Final = 0.2
"""Seconds between two updates of the devices' view."""

NEWS_FOR: Final = 15.0
"""Seconds that devices show a fault once all ports are present again."""


class MidiService:
    """Perform the live MIDI effects. For the event loop's thread only."""

    def __init__(self, services: DaemonServices, open_link: Callable[..., MidiLink] | None = None) -> None:
        self._services = services
        self._open_link = open_link
        self._loop: asyncio.AbstractEventLoop
        self._link: MidiLink | None = None
        self._player: MidiPlayer | None = None
        self._jam: JamService | None = None
        self._clock: ClockState | None = None
        self._ports: Ports | None = None
        self._sounding: dict[int, tuple[int, ...]] = {}
        # Sessions whose take has stopped sounding without a request.
        self._silenced: set[int] = set()
        self._news, self._news_until = "", 0.0
        self._problem = ""
        self._view = MidiView()
        self._reported_at = 0.0

    # --- the daemon's ---

    def start(self) -> None:
        """Start the service; called once, in the event loop."""
        self._loop = asyncio.get_running_loop()
        if not self._services.settings.midi:
            self._problem = SWITCHED_OFF
        elif self._open_link is None and importlib.util.find_spec("rtmidi") is None:
            from musearoo.bridge.midi.ports.options import MISSING

            self._problem = MISSING
        self._report_view()

    def warm(self) -> None:
        """Load the modules for playing along ahead of time. Runs in a thread."""
        if not self._problem:
            for module in NEEDED:
                importlib.import_module(module)

    def expect(self) -> None:
        """Open the MIDI ports and listen to the player, as a Live or a device has connected."""
        if self._problem or self._link is not None:
            return
        from musearoo.bridge.midi.ports.options import MidiOptions
        from musearoo.bridge.midi.process_link import MidiLink
        from musearoo.bridge.services.playing.jam import JamService
        from musearoo.bridge.services.playing.midi_player import MidiPlayer

        settings, home = self._services.settings, self._services.home
        open_link = self._open_link or MidiLink
        self._link = open_link(MidiOptions(home / LEDGER, home / OUTPUT), self._on_report, self._loop)
        self._player = MidiPlayer(self._services, self.meter, lambda: self._clock)
        self._jam = JamService(self._services, self)
        self._link.send(Choose(settings.midi_in, settings.midi_out, latency=settings.midi_latency / 1000.0))
        self._link.send(Follow(tuple(ClockSource(source) for source in settings.clock)))
        self._link.start()

    def close(self) -> None:
        """Close the service, all notes off."""
        if self._jam is not None:
            self._jam.close()
        if self._link is not None:
            self._link.close()

    def poll(self, now: float) -> None:
        """Report changes to devices. Call this some ten times a second."""
        if self._link is None or now - self._reported_at < REPORT_EVERY:
            return
        self._reported_at = now
        if self._player is not None:
            self._player.poll_key(now)
        self._report_view()

    def perform(self, effect: MidiEffect) -> None:
        """Perform one effect."""
        match effect:
            case FollowLive(transport):
                # Without live MIDI nothing follows, and the clock's code is not loaded in front of the first press.
                if self._link is not None:
                    self.send(_transport_of(transport, time.perf_counter()))
            case FollowClocks(sources, bpm):
                self.send(Follow(sources, bpm))
            case AuditionTake(take):
                self._play_take(take)
            case StopTake(session, at_bar):
                self._stop_take(session, at_bar)
            case KeepPlayed():
                self._keep(effect)
            case BeginJam():
                self._begin_jam(effect)
            case EndJam(at_bar):
                if self._jam is not None:
                    self._jam.end(at_bar)

    def played(self) -> Played | None:
        """Return what was just played, or None."""
        return self._player.played() if self._player is not None else None

    # --- the jam's ---

    @property
    def clock(self) -> ClockState | None:
        """The beat clock's last report."""
        return self._clock

    @property
    def meter(self) -> Meter:
        """The meter of the set that the beat clock follows."""
        live = leading_live(self._services.state)
        song = live.facts if live is not None else None
        return Meter(song.numerator, song.denominator) if song is not None else Meter()

    def recording(self) -> Recording | None:
        """Return what was played so far, maybe only silence; None without a MIDI process."""
        return self._player.recording() if self._player is not None else None

    def send(self, command: Command) -> None:
        """Send a command to the MIDI process, if there is one."""
        if self._link is not None:
            self._link.send(command)

    def bar_line(self) -> float | None:
        """Return the next bar line that can still be met; None while the clock is stopped."""
        clock = self._clock
        if clock is None or not clock.is_running:
            return None
        soon = beat_at(clock, time.perf_counter()) + seconds_to_beats(LEAD_SECONDS, clock.bpm)
        return next_bar(soon, self.meter.bar_beats)

    # --- takes ---

    def _play_take(self, take: Take) -> None:
        from musearoo.bridge.midi.parts.clip import part_of_engine

        line = self.bar_line()
        standing = next_bar(self._clock.beat if self._clock is not None else 0.0, self.meter.bar_beats)
        start = line if line is not None else standing
        first = take.session * TAKE_NUMBERS
        parts = {
            first + ROLES.index(part.role): part_of_engine(part.role, part.clip, loops=True) for part in take.parts
        }
        before = self._sounding.get(take.session, ())
        self._sounding[take.session] = tuple(parts)
        self._silenced.discard(take.session)
        for number in before:
            if number not in parts:
                self.send(Silence(number, line))
        for number, part in parts.items():
            self.send(Play(number, part, start))

    def _stop_take(self, session: int, at_bar: bool) -> None:
        beat = self.bar_line() if at_bar else None
        self._silenced.discard(session)
        for number in self._sounding.pop(session, ()):
            self.send(Silence(number, beat))

    def _begin_jam(self, request: BeginJam) -> None:
        self.expect()
        try:
            if self._jam is None:
                raise RuntimeError("live MIDI has no player")
            name = self._jam.begin(request.jam)
        except Exception as error:
            self._services.handle(request_failed(request, error))
        else:
            self._services.handle(Composed(time.monotonic(), request.key, (), name))

    def _keep(self, request: KeepPlayed) -> None:
        self.expect()
        if self._player is None:
            self._services.handle(request_failed(request, RuntimeError("live MIDI has no player")))
        else:
            self._player.keep(request)

    # --- what the process tells ---

    def _on_report(self, report: Report) -> None:
        match report:
            case Incoming():
                self._on_message(report)
            case ClockState():
                self._on_clock(report)
            case Ports():
                self._on_ports(report)
            case PartState(number, _, False):
                session = number // TAKE_NUMBERS
                if number in self._sounding.get(session, ()):
                    self._silenced.add(session)
            case Fault(sentence):
                LOG.warning("MIDI: %s", sentence)
                self._news, self._news_until = sentence, time.monotonic() + NEWS_FOR

    def _on_message(self, message: Incoming) -> None:
        if self._player is not None and self._player.hear(message) and self._jam is not None:
            self._jam.hear(message.beat)

    def _on_clock(self, clock: ClockState) -> None:
        self._clock = clock
        state = self._services.state
        # The free-running beat means nothing to the player until something sounds on it.
        is_counted = clock.is_running and (clock.source is not ClockSource.OWN or bool(state.takes or state.jam))
        if self._player is not None:
            self._player.follow(clock, is_counted, self.meter)
        # The process has restarted: takes that its predecessor played sound again.
        for session in list(self._silenced):
            self._silenced.discard(session)
            self._sounding.pop(session, None)
            self._services.handle(TakeSilenced(time.monotonic(), session))

    def _on_ports(self, ports: Ports) -> None:
        before, self._ports = self._ports, ports
        there = {port.name for port in ports.ports if port.is_input and port.there}
        for port in before.ports if before is not None else ():
            if self._player is not None and port.is_input and port.there and port.name not in there:
                self._player.lose(port)

    def _report_view(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self._services.handle(MidiSeen(time.monotonic(), view))

    def _make_view(self) -> MidiView:
        if self._problem:
            return MidiView(problem=self._problem)
        if self._link is None or self._player is None or self._clock is None:
            return MidiView()
        clock, now = self._clock, time.perf_counter()
        view = MidiView(
            sentence=self._sentence(),
            clock=clock.source.value,
            is_running=clock.is_running,
            bpm=round(clock.bpm, 1),
            input=2 if self._player.is_playing(now) else int(self._has_input),
            held=self._player.held,
            key=self._player.key,
            played=self._player.bars(self.meter),
        )
        turn = self._jam.turn(now) if self._jam is not None else None
        return view if turn is None else replace(view, turn=turn.number, bar=turn.bar, who=turn.who)

    def _sentence(self) -> str:
        """Return the current fault, shown for a while and as long as a port is missing."""
        chosen = [port for port in self._ports.ports if port.chosen] if self._ports is not None else []
        there = [port for port in chosen if port.there]
        if time.monotonic() < self._news_until or (self._news and len(there) < max(1, len(chosen))):
            return self._news
        if self._ports is not None and all(port.is_input for port in there):
            return NO_OUTPUT
        return ""

    @property
    def _has_input(self) -> bool:
        ports = self._ports.ports if self._ports is not None else ()
        return any(port.is_input and port.chosen and port.there for port in ports)


def _transport_of(state: TransportState, arrival: float) -> Transport:
    """Return Live's transport state in the MIDI process's form."""
    from musearoo.bridge.midi.clock.live import stamped

    loop = (state.loop_start, state.loop_end) if state.loop_end > state.loop_start else None
    return Transport(stamped(state.time, arrival), bool(state.playing), state.beat, state.bpm, loop)
