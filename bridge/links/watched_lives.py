"""The open sets of Live as a client of the daemon has them: a mirror of each, with a version that never recurs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import floor
from types import MappingProxyType

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ApiLive, ApiSet, ApiTransport, ClipState, Gone, LiveState, SetReady
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route


@dataclass(slots=True)
class WatchedLive:
    """One Live with its whole set. `number` is the daemon's, `instance` the run of its script.

    `version` goes up by one with each bundle of changes, and leaps to a number that no Live has had, in this process or
    an earlier one, with each whole set. It is 0 until the set has arrived.
    """

    number: int
    instance: str
    live_version: str
    set_name: str
    state: LiveState
    key: str
    chords: str
    version: int = 0
    mirror: SetMirror = field(default_factory=SetMirror)
    transport: ApiTransport | None = None
    """Where the song is, as last told; None before."""
    playing: dict[int, float | None] = field(default_factory=dict)
    """The clips that play, each with the whole beat of the song at which it began; None where that was not seen."""

    def beat_at(self, now: float) -> float | None:
        """Return the song's position in beats at `now`, Unix seconds; None where it is not known."""
        told = self.transport
        if told is None:
            return None
        return told.beat + told.playing * max(0.0, now - told.time) * told.bpm / 60.0


@dataclass(frozen=True, slots=True)
class SetChange:
    """What has changed in a set up to `version`, in order. `is_whole`: it is all of the set, anew."""

    live: WatchedLive
    version: int
    messages: tuple[Message, ...]
    is_whole: bool


class WatchedLives:
    """The Lives whose whole sets have arrived. `on_live` gets a Live at each change of itself, and when it goes.

    `microseconds` is a clock that goes on while no process runs; versions start there and stay behind it.
    """

    def __init__(self, on_live: Callable[[WatchedLive], None], microseconds: Callable[[], int]) -> None:
        self._on_live = on_live
        self._microseconds = microseconds
        self._known: dict[int, WatchedLive] = {}
        self._whole: dict[int, WatchedLive] = {}
        self._arriving: dict[int, tuple[SetMirror, list[Message]]] = {}
        self._newest = 0

    @property
    def whole(self) -> Mapping[int, WatchedLive]:
        """The Lives by their numbers."""
        return MappingProxyType(self._whole)

    def show(self, told: ApiLive) -> None:
        """Take what the daemon tells of a Live itself."""
        live = self._known.get(told.live)
        if live is None:
            if told.state == LiveState.AWAY:
                return
            state = LiveState(told.state)
            live = WatchedLive(
                number=told.live,
                instance=told.instance,
                live_version=told.live_version,
                set_name=told.set_name,
                state=state,
                key=told.key,
                chords=told.chords,
            )
            self._known[told.live] = live
            return
        live.set_name, live.state, live.key, live.chords = told.set_name, LiveState(told.state), told.key, told.chords
        if live.state is LiveState.AWAY:
            self._forget(live)
        elif told.live in self._whole:
            self._on_live(live)

    def apply(self, part: ApiSet) -> SetChange | None:
        """Take a part of a set: returns what has changed, or None while the whole set is on its way.

        Raises WireError for a packet that is not understood.
        """
        live = self._known.get(part.live)
        if live is None:
            return None
        messages = decode(part.packet, Route.SCRIPT_TO_DAEMON)
        if part.sequence == 0:
            self._arriving[part.live] = (SetMirror(), [])
        if part.live not in self._arriving:
            for message in messages:
                live.mirror.apply(message)
            return self._changed(live, messages, is_whole=False)
        mirror, arrived = self._arriving[part.live]
        for message in messages:
            mirror.apply(message)
        arrived += messages
        if not any(isinstance(message, SetReady) for message in messages):
            return None
        del self._arriving[part.live]
        live.mirror = mirror
        self._whole[part.live] = live
        change = self._changed(live, arrived, is_whole=True)
        self._on_live(live)
        return change

    def move(self, told: ApiTransport) -> WatchedLive | None:
        """Take what the daemon tells of a Live's transport: returns that Live, None while its set is on its way."""
        live = self._known.get(told.live)
        if live is None:
            return None
        live.transport = told
        return live if told.live in self._whole else None

    def forget_all(self) -> None:
        """Forget all Lives: the daemon has gone."""
        for live in list(self._known.values()):
            live.state = LiveState.AWAY
            self._forget(live)

    def _changed(self, live: WatchedLive, messages: list[Message], is_whole: bool) -> SetChange:
        live.version = max(self._newest + 1, self._microseconds()) if is_whole else live.version + 1
        self._newest = max(self._newest, live.version)
        self._note_playing(live, messages, is_whole=is_whole)
        return SetChange(live, live.version, tuple(messages), is_whole)

    def _note_playing(self, live: WatchedLive, messages: list[Message], is_whole: bool) -> None:
        if is_whole:
            live.playing.clear()
        now = live.beat_at(self._microseconds() / 1e6)
        # A launch waits for its grid, and is told a moment later.
        since = None if is_whole or now is None else float(floor(now))
        for message in messages:
            match message:
                case ClipState(id=id, is_playing=1):
                    live.playing.setdefault(id, since)
                case ClipState(id=id) | Gone(id=id):
                    live.playing.pop(id, None)

    def _forget(self, live: WatchedLive) -> None:
        del self._known[live.number]
        self._arriving.pop(live.number, None)
        if self._whole.pop(live.number, None) is not None:
            self._on_live(live)
