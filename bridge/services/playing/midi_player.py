"""The player at the MIDI inputs: record the notes, name chord and key, and keep a passage as a clip."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from musearoo.bridge.core.events.incoming import Composed, Event
from musearoo.bridge.core.events.midi import KeepPlayed
from musearoo.bridge.midi.parts.bars import beat_at, count_bars
from musearoo.bridge.protocol import MOST_BARS_KEPT
from musearoo.bridge.protocol.midi_process import ClockState, Incoming, PortState
from musearoo.bridge.requests.played import Played, keep_played, read_keep
from musearoo.bridge.services.outcomes import request_failed
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import REMEMBERED_SECONDS, PlayerListener
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import spell_chord

if TYPE_CHECKING:
    from musearoo.bridge.services.daemon_services import DaemonServices

FRESH_FOR: Final = 30.0
"""Seconds after the last note during which the player counts as playing along."""

JUST_NOW: Final = 1.0
"""Seconds after a note during which devices show input activity."""

KEY_EVERY: Final = 2.0
"""Seconds between two estimates of the player's key."""

SURE_KEY: Final = 0.5
"""Least confidence of a key that is shown."""


class MidiPlayer:
    """The player at MuseAroo's MIDI inputs. For the event loop's thread only; `ask_clock` returns the beat clock."""

    def __init__(self, services: DaemonServices, meter: Meter, ask_clock: Callable[[], ClockState | None]) -> None:
        self._services = services
        self._ask_clock = ask_clock
        self._loop = asyncio.get_running_loop()
        self._player_listener = PlayerListener(meter)
        self._first_note: float | None = None
        self._key: Key | None = None
        self._key_read_at, self._is_reading_key = 0.0, False

    @property
    def held(self) -> str:
        """The held chord, such as Am7, spelt in the player's key; "" for none."""
        held = self._player_listener.held_chord()
        return spell_chord(held.chord, self._key) if held is not None else ""

    @property
    def key(self) -> str:
        """The player's key, such as A minor; "" if unknown, or if nobody has played lately."""
        return str(self._key or "")

    def is_playing(self, now: float) -> bool:
        """Whether a note came in the last second."""
        last = self._player_listener.last_seconds
        return last is not None and now - last < JUST_NOW

    def follow(self, clock: ClockState, is_counted: bool, meter: Meter) -> None:
        """Handle the clock; `is_counted` if the player hears its beat."""
        if self._player_listener.meter != meter:
            self._player_listener.meter = meter
        self._player_listener.clock(clock.beat, clock.time, clock.bpm, is_counted)

    def hear(self, message: Incoming) -> bool:
        """Handle an input message; returns whether it is a note on."""
        self._player_listener.hear(message.beat, message.time, message.data, message.port)
        is_note_on = len(message.data) == 3 and message.data[0] & 0xF0 == 0x90 and message.data[2] > 0
        if is_note_on and self._first_note is None:
            self._first_note = message.time
        return is_note_on

    def lose(self, port: PortState) -> None:
        """Handle the loss of an input, whose held notes are released."""
        clock, now = self._ask_clock(), time.perf_counter()
        if clock is not None:
            self._player_listener.lose(port.name, beat_at(clock, now), now)

    def bars(self, meter: Meter) -> int:
        """Return how many bars can be kept."""
        last, clock = self._player_listener.last_seconds, self._ask_clock()
        if last is None or self._first_note is None or clock is None:
            return 0
        first = max(self._first_note, time.perf_counter() - REMEMBERED_SECONDS)
        return min(MOST_BARS_KEPT, count_bars(last - first, clock.bpm, meter.bar_beats)) if last >= first else 0

    def recording(self) -> Recording | None:
        """Return what was played so far, maybe only silence; None before the clock reports."""
        clock, now = self._ask_clock(), time.perf_counter()
        return self._player_listener.recording(beat_at(clock, now), now) if clock is not None else None

    def played(self) -> Played | None:
        """Return what was just played, or None."""
        recording = self.recording()
        if recording is None or self._first_note is None:
            return None
        held, last = self._player_listener.held_chord(), self._player_listener.last_seconds
        is_fresh = held is not None or (last is not None and time.perf_counter() - last < FRESH_FOR)
        return Played(recording, held.chord if held is not None else None, is_fresh)

    def keep(self, request: KeepPlayed) -> None:
        """Compose a clip from the played notes, and report the outcome."""
        deadline = time.time() + request.seconds_left
        try:
            reading = read_keep(self._services.mirrors[request.link], request.keep, self._services.sounds)
        except Exception as error:
            self._services.handle(request_failed(request, error))
            return
        played = self.played()

        def keep() -> None:
            """Quantise the clip. Runs in a thread, because it takes milliseconds."""
            event: Event
            try:
                made = keep_played(reading, request.keep, played, request.request_id, deadline)
                event = Composed(time.monotonic(), request.key, made.messages, made.name, made.notices, made.parts)
            except Exception as error:
                event = request_failed(request, error)
            self._loop.call_soon_threadsafe(self._services.handle, event)

        self._services.threads.submit(keep)

    def poll_key(self, now: float) -> None:
        """Read the player's key, if somebody has played since."""
        last = self._player_listener.last_seconds
        silent_for = time.perf_counter() - last if last is not None else FRESH_FOR
        if silent_for >= FRESH_FOR:
            self._key = None
            return
        if self._is_reading_key or now - self._key_read_at < KEY_EVERY or silent_for > 2 * KEY_EVERY:
            return
        played = self.played()
        if played is None:
            return

        def read() -> None:
            """Estimate the key. Runs in a thread, because it takes milliseconds."""
            key = None
            try:
                known = played.context()
                if known is not None and known.key.confidence >= SURE_KEY:
                    key = known.key.value
            except Exception:
                # Not requested by the user: the display stays empty, and the log has the reason.
                LOG.exception("The key of what is played could not be read")
            self._loop.call_soon_threadsafe(self._key_read, key)

        self._services.threads.submit(read)
        self._is_reading_key, self._key_read_at = True, now

    def _key_read(self, key: Key | None) -> None:
        self._key, self._is_reading_key = key, False
