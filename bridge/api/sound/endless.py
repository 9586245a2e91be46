"""Endless music of sessions: one player process for each session that listens, and its frames for all who do."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from musearoo.bridge.ambient.messages import FromPlayer, Over, PlayerOptions, Playing, Sound, Steer, Trouble, Want
from musearoo.bridge.ambient.player import Player
from musearoo.bridge.api.problems.errors import ApiError, OverloadedError
from musearoo.bridge.api.sound.messages import FRAME, RATE, SAMPLE_BYTES
from musearoo.bridge.api.sound.opus import SharedOpus
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.ambient.preset import AmbientPreset, find_preset
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.music.scale import Key

KEPT: Final = 8 * RATE
"""Samples that are kept for those who resume."""
AHEAD: Final = RATE * 35 // 100
"""Samples that are rendered before the listener who is furthest needs them: so much later steering is heard."""
WANTED_EVERY: Final = RATE // 10
ENDS_AFTER: Final = 20.0
"""Seconds without a listener after which the music ends."""
MOST_SESSIONS: Final = 8
"""Sessions with endless music at once: so many two cores can render."""
LENGTH: Final = 2**40
"""The length that clients are told: a year."""

Amount = Annotated[float, Meta(ge=0, le=1)]


class Wishes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What endless music is to be like; null and "" leave it to the preset. The same seed gives the same music."""

    preset: Annotated[str, Meta(max_length=60)] = "drift"
    key: Annotated[str, Meta(max_length=32)] = ""
    mood: Annotated[str, Meta(max_length=32)] = ""
    density: Amount | None = None
    brightness: Amount | None = None
    motion: Amount | None = None
    space: Amount | None = None
    bpm: Annotated[float, Meta(ge=20, le=300)] | None = None
    levels: dict[AmbientLayer, Amount] = {}
    plan: Annotated[str, Meta(max_length=80)] = ""
    plan_seconds: Annotated[float, Meta(gt=0, le=172_800)] = 3600.0
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None

    def steering(self) -> Steering:
        """Return what the player follows. Raises ParamError for a preset, a key, a mood or a plan that is none."""
        return Steering(
            preset=find_preset(self.preset, _presets()).name,
            key=Key.parse(self.key) if self.key else None,
            mood=self.mood,
            density=self.density,
            brightness=self.brightness,
            motion=self.motion,
            space=self.space,
            bpm=self.bpm,
            levels=tuple(self.levels.items()),
            plan=self.plan,
            plan_seconds=self.plan_seconds,
        )


@cache
def _presets() -> dict[str, AmbientPreset]:
    return read_ambient_presets()


@dataclass(frozen=True, slots=True)
class Unending:
    """What a stream asks of a piece."""

    length: int = LENGTH


class EndlessRoom:
    """The endless music of a server's sessions. For the event loop's thread only. `home` is MuseAroo's folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._playing: dict[str, EndlessSound] = {}

    def find(self, session: str) -> EndlessSound | None:
        """Return what plays in a session, None where nothing does."""
        return self._playing.get(session)

    def begin(self, session: str, wishes: Wishes) -> EndlessSound:
        """Begin endless music in a session. Raises ParamError for what is no wish, ApiError where too many play."""
        steering = wishes.steering()
        if len(self._playing) >= MOST_SESSIONS:
            raise OverloadedError(10.0)
        seed = secrets.randbelow(2**31) if wishes.seed is None else wishes.seed
        options = PlayerOptions(seed=seed, steering=steering, log=str(self._home / "ambience.log"))
        sound = EndlessSound(options, wishes, lambda: self._playing.pop(session, None))
        self._playing[session] = sound
        return sound

    async def close(self) -> None:
        """End all of it."""
        for sound in list(self._playing.values()):
            await sound.end()


class EndlessSound:
    """Endless music of one session: its frames by position, and who listens."""

    def __init__(self, options: PlayerOptions, wishes: Wishes, forget: Callable[[], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self.wishes = wishes
        self._plan_began = 0.0
        self._forget = forget
        self._frames: OrderedDict[int, bytes] = OrderedDict()
        self.opus = SharedOpus(lambda position: self._frames.get(position, b""), KEPT + AHEAD)
        self._rest = b""
        self._next = 0
        self._asked = 0
        self._wanted = 0
        self._listeners: set[OpenEndless] = set()
        self._idle: asyncio.TimerHandle | None = None
        self._error: ApiError | None = None
        try:
            self._player = Player(options, self._on_message)
        except OSError as error:
            raise OverloadedError(1.0) from error

    @property
    def now(self) -> int:
        """Where a new listener joins: what those before have come to."""
        return self._asked // FRAME * FRAME

    def listen(self, tell: Callable[[Playing], None]) -> OpenEndless:
        """Add a listener; `tell` is called with how it goes."""
        opened = OpenEndless(self, tell)
        self._listeners.add(opened)
        if self._idle is not None:
            self._idle.cancel()
        return opened

    def leave(self, opened: OpenEndless) -> None:
        """Take a listener out; without any it ends after a while."""
        self._listeners.discard(opened)
        if not self._listeners:
            self._idle = self._loop.call_later(ENDS_AFTER, lambda: self._loop.create_task(self.end()))

    def steer(self, wishes: Wishes) -> None:
        """Follow other wishes. Raises ParamError for wishes that are none."""
        if wishes.plan != self.wishes.plan:
            self._plan_began = self._asked / RATE
        self._player.steer(Steer(replace(wishes.steering(), plan_began=self._plan_began)))
        self.wishes = wishes

    async def end(self) -> None:
        """End the music, and its process."""
        self._forget()
        if self._idle is not None:
            self._idle.cancel()
        await self._loop.run_in_executor(None, self._player.close)

    def read(self, position: int) -> bytes | None:
        """Return the frame at a position: None while it is not there yet, silence where it is not there any more."""
        if self._error is not None:
            raise self._error
        self._asked = max(self._asked, position)
        if self._asked + AHEAD - self._wanted >= WANTED_EVERY:
            self._wanted = self._asked + AHEAD
            self._player.steer(Want(self._wanted))
        found = self._frames.get(position)
        if found is None and position < self._next - FRAME:
            return b""
        return found

    def _on_message(self, message: FromPlayer) -> None:
        # The loop may have ended.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take, message)

    def _take(self, message: FromPlayer) -> None:
        match message:
            case Sound(at, data):
                self._add(at, data)
            case Playing():
                for listener in self._listeners:
                    listener.tell(message)
            case Trouble():
                # Another process goes on: what it needs to know is what is wanted.
                self._player.steer(Want(self._wanted))
            case Over() if self._listeners:
                self._error = ApiError(500, "no_sound", "The music ends by itself: ambience.log says why. Try again.")
                self._forget()
        for listener in self._listeners:
            listener.changed.set()

    def _add(self, at: int, data: bytes) -> None:
        if at != self._next + len(self._rest) // SAMPLE_BYTES:
            # After a process died, another one goes on a little later or earlier: frames stay where they belong.
            self._next, self._rest = -(-at // FRAME) * FRAME, b""
            data = data[(self._next - at) * SAMPLE_BYTES :]
        self._rest += data
        size = FRAME * SAMPLE_BYTES
        while len(self._rest) >= size:
            self._frames[self._next] = self._rest[:size]
            self._rest = self._rest[size:]
            self._next += FRAME
        while self._frames and next(iter(self._frames)) < self._next - KEPT - AHEAD:
            self._frames.popitem(last=False)


@dataclass(slots=True, eq=False)
class OpenEndless:
    """One listener to endless music: what a stream asks of an open piece."""

    sound: EndlessSound
    tell: Callable[[Playing], None]
    piece: Unending = field(default_factory=Unending)
    keys: tuple[str, ...] = ("endless",)
    gains: tuple[float, ...] = (1.0,)
    ends: tuple[int, ...] = (0,)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def change(self) -> None:
        """Wait until something came."""
        await self.changed.wait()
        self.changed.clear()

    def frame(self, position: int, _count: int, _is_loop: bool) -> list[bytes] | None:
        """Return the frame at a position; None while it is not there yet. Raises ApiError where the music has ended."""
        found = self.sound.read(position)
        return None if found is None else [found]

    def close(self) -> None:
        """Listen no more."""
        self.sound.leave(self)
