"""The open sets as clients watch them: all of each once, then every change, and what requests have written.

Changes are sent at the end of the event loop's turn, what a press has written before its answer. Large sets go out in
pieces, so that no press waits for them. It costs nothing while nobody watches.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from musearoo.bridge.core.announcements import facts_of
from musearoo.bridge.core.state import Live
from musearoo.bridge.protocol import ApiLive, ApiSet, ApiTransport, LiveState, Result, SetReady, TransportState
from musearoo.bridge.protocol.codec import MOST_TOGETHER, bundle_packets, encode
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.written_takes import describe_result
from musearoo.bridge.settings.logs import LOG

SET_HEAD = "/roo/set/"
"""The beginning of the messages that a mirror takes."""

MOST_A_TURN = 250
"""Messages that are sent to a client in one turn of the event loop: they take some milliseconds."""

MOST_BEFORE_ANSWER = 2000
"""Messages that are sent before the answer to a press; only a whole set is more, and no press waits for that."""

MOST_BYTES = 256 * 1024
"""Bytes of a bundle, unless one message is larger."""

TOLD_EVERY: Final = 5.0
"""Seconds after which a transport that plays is told again, so that clients follow a clock that drifts."""

JUMP_BEATS: Final = 0.05
"""The deviation of the song's position from the expected one that counts as a jump, as for the script."""


@dataclass(slots=True)
class _Watcher:
    """One client that watches: what it was told of each Live, and what it is to be sent."""

    shown: dict[int, ApiLive] = field(default_factory=dict)
    transports: dict[int, ApiTransport] = field(default_factory=dict)
    sequence: dict[int, int] = field(default_factory=dict)
    queue: deque[tuple[int, Message]] = field(default_factory=deque)


class SetWatch:
    """Keep clients informed of the open sets. For the event loop's thread only. `send` is the stream's."""

    def __init__(self, services: DaemonServices, send: Callable[[int, Sequence[Message]], None]) -> None:
        self._services = services
        self._send = send
        self._watchers: dict[int, _Watcher] = {}
        self._is_due = False

    def watch(self, client: int, is_on: bool) -> None:
        """Begin to inform a client, from the whole sets on, or end it."""
        self._watchers.pop(client, None)
        if is_on:
            self._watchers[client] = watcher = _Watcher()
            for link, live in self._services.state.lives.items():
                if live.ready:
                    self._begin(client, watcher, link)

    def on_message(self, link: int, message: Message) -> None:
        """Pass on a script's message, which its mirror has."""
        if isinstance(message, TransportState) and self._watchers:
            self._on_transport(link, message)
        if not self._watchers or not message.path.startswith(SET_HEAD):
            return
        for client, watcher in self._watchers.items():
            if isinstance(message, SetReady):
                self._begin(client, watcher, link)
            elif link in watcher.sequence:
                self._queue(watcher, link, message)

    def on_result(self, link: int, result: Result) -> None:
        """Send what a request has written, and the changes before it; to be called before the request is answered."""
        mirror = self._services.mirrors.get(link)
        if not self._watchers or mirror is None:
            return
        try:
            written = describe_result(self._services.state, time.monotonic(), link, result, mirror)
            for client, watcher in self._watchers.items():
                while 0 < len(watcher.queue) <= MOST_BEFORE_ANSWER:
                    self._send_some(client, watcher)
                if written and link in watcher.sequence:
                    self._send(client, written)
        except Exception:
            # Whoever pressed must get the answer all the same.
            LOG.exception("A take could not be told to those who watch")

    def on_lost(self, link: int) -> None:
        """Tell that a Live has gone."""
        for client, watcher in self._watchers.items():
            shown = watcher.shown.pop(link, None)
            watcher.sequence.pop(link, None)
            watcher.transports.pop(link, None)
            watcher.queue = deque(each for each in watcher.queue if each[0] != link)
            if shown is not None:
                gone = ApiLive(link, shown.instance, shown.live_version, shown.set_name, LiveState.AWAY, "", "")
                self._send(client, (gone,))

    def _on_transport(self, link: int, message: TransportState) -> None:
        """Tell where the song is, if that does not follow from what was told before."""
        from musearoo.bridge.midi.clock.live import stamped  # here: the daemon's start does without

        now = time.perf_counter()
        moment = time.time() - (now - stamped(message.time, now))
        told = ApiTransport(
            live=link,
            playing=message.playing,
            beat=message.beat,
            bpm=message.bpm,
            time=moment,
            loop_start=message.loop_start,
            loop_end=message.loop_end,
        )
        for client, watcher in self._watchers.items():
            if link in watcher.sequence and _is_news(watcher.transports.get(link), told):
                watcher.transports[link] = told
                self._send(client, (told,))

    def poll(self, now: float) -> None:
        """Tell what has changed of a Live itself: its state, the name of its set, its key and chords."""
        if self._watchers:
            lives = {link: self._show(live, now) for link, live in self._services.state.lives.items() if live.ready}
            for client, watcher in self._watchers.items():
                for link in watcher.sequence:
                    # A Live that has just connected again has left its old connection, which is about to be lost.
                    if link in lives:
                        self._tell(client, watcher, lives[link])

    def _show(self, live: Live, now: float) -> ApiLive:
        shown = live.state(now)
        facts = facts_of(live, shown, self._services.state.midi)
        key, chords = (facts.key, facts.chords) if facts is not None else ("", "")
        return ApiLive(live.link, live.hello.instance, live.hello.live_version, live.set_name, shown, key, chords)

    def _tell(self, client: int, watcher: _Watcher, live: ApiLive) -> None:
        if watcher.shown.get(live.live) != live:
            watcher.shown[live.live] = live
            self._send(client, (live,))

    def _begin(self, client: int, watcher: _Watcher, link: int) -> None:
        """Send a Live, and queue its whole set."""
        live, mirror = self._services.state.lives.get(link), self._services.mirrors.get(link)
        if live is None or mirror is None:
            return
        self._tell(client, watcher, self._show(live, time.monotonic()))
        watcher.sequence[link] = 0
        for message in mirror.messages():
            self._queue(watcher, link, message)

    def _queue(self, watcher: _Watcher, link: int, message: Message) -> None:
        watcher.queue.append((link, message))
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_due = False
        for client, watcher in list(self._watchers.items()):
            self._send_some(client, watcher)
            if watcher.queue and not self._is_due:
                self._is_due = True
                asyncio.get_running_loop().call_soon(self._flush)

    def _send_some(self, client: int, watcher: _Watcher) -> None:
        """Send the next messages of a client's queue, those of one Live in a row as one bundle."""
        packets: list[bytes] = []
        size = 0
        for left in range(min(MOST_A_TURN, len(watcher.queue)), 0, -1):
            link, message = watcher.queue.popleft()
            packets.append(encode(message))
            size += len(packets[-1])
            goes_on = left > 1 and watcher.queue[0][0] == link and size < MOST_BYTES and len(packets) < MOST_TOGETHER
            if not goes_on:
                number = watcher.sequence[link]
                watcher.sequence[link] = number + 1
                self._send(client, (ApiSet(link, number, bundle_packets(packets)),))
                packets, size = [], 0


def _is_news(before: ApiTransport | None, now: ApiTransport) -> bool:
    """Whether a transport is elsewhere than whoever was told of the one before expects it, or is told again anyway."""
    if before is None:
        return True
    fixed = [(each.playing, each.bpm, each.loop_start, each.loop_end) for each in (before, now)]
    seconds = now.time - before.time
    expected = before.beat + before.playing * seconds * before.bpm / 60.0
    is_due = bool(now.playing) and seconds >= TOLD_EVERY
    return fixed[0] != fixed[1] or is_due or abs(expected - now.beat) > JUMP_BEATS
