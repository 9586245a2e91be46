"""The ambience service: endless music through the sound card or at the MIDI port, and what devices see of it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from musearoo.bridge.core.events.ambience import AmbienceEffect, AmbienceSeen, AmbienceSet, EndAmbience, SetAmbience
from musearoo.bridge.protocol import AmbienceState, Refusal
from musearoo.bridge.requests.played import read_jam
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.playing.midi import MidiService
from musearoo.bridge.settings.logs import LOG

if TYPE_CHECKING:
    from musearoo.bridge.ambient.messages import FromPlayer
    from musearoo.bridge.ambient.player import Player
    from musearoo.bridge.services.playing.phrases import AmbienceMidi
    from musearoo.engines.ambient.preset import AmbientPreset
    from musearoo.engines.ambient.steering import Steering
    from musearoo.engines.music.knowledge.context import MusicalContext
    from musearoo.engines.styles.schema import Style

PLAYER_LOG: Final = "ambience.log"
MIDI, PROGRAM = "midi", "program"
SHOWN_EVERY: Final = 0.2
"""Seconds between two updates of what devices show."""
FOLLOWED_EVERY: Final = 1.0
"""Seconds between two looks at the set that is followed."""
NO_PROGRAM: Final = "Ambience: no program is named that takes the sound: ambience_program in the settings does."
MOST_CHORDS: Final = 4
SENTENCE_FOR: Final = 15.0
"""Seconds that devices show what went wrong once it goes on."""


class AmbienceService:
    """Perform the effects of endless music. For the event loop's thread only."""

    def __init__(self, services: DaemonServices, midi: MidiService) -> None:
        self._services, self._midi = services, midi
        # Of its own: a phrase must not wait for a long request. Two, for one may wait for a fade.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="ambience")
        self._in_turn = asyncio.Lock()
        self._tasks = set[asyncio.Task[None]]()
        # Counts the ends: what was asked for before one is not begun after it.
        self._era = 0
        self._presets: Mapping[str, AmbientPreset] = {}
        self._style: Style
        self._steering: Steering | None = None
        self._out = ""
        self._seed = 0
        self._player: Player | None = None
        # How many there were: an earlier one may still tell of its end.
        self._players = 0
        self._phrases: AmbienceMidi | None = None
        self._follows = ""
        self._context: MusicalContext | None = None
        self._sentence, self._sentence_until = "", 0.0
        self._heard = AmbienceState(1, "", "", "", "")
        self._shown: AmbienceState | None = None
        self._shown_at = self._followed_at = 0.0

    def perform(self, effect: AmbienceEffect) -> None:
        """Perform one effect."""
        match effect:
            case SetAmbience():
                task = asyncio.get_running_loop().create_task(self._carry_out(effect))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case EndAmbience():
                self._silence()
                self._forget("")

    def poll(self, now: float) -> None:
        """Send phrases in time, follow the set, and tell devices what plays. Call this some ten times a second."""
        if self._steering is None:
            return
        if self._phrases is not None:
            self._phrases.poll()
        if self._follows and now - self._followed_at >= FOLLOWED_EVERY:
            self._followed_at = now
            self._follow(self._read_set())
        if now - self._shown_at >= SHOWN_EVERY:
            self._shown_at = now
            self._show(now)

    def close(self) -> None:
        """End the music, and close the service."""
        player, self._player = self._player, None
        self._silence()
        self._steering = None
        self._threads.shutdown(cancel_futures=True)
        if player is not None:
            player.close()

    # --- presses ---

    async def _carry_out(self, effect: SetAmbience) -> None:
        """Begin or steer the music, after the presses before it, and have the press answered."""
        answer = AmbienceSet(0.0, effect.key)
        async with self._in_turn:
            try:
                name = await self._set(effect, self._era)
                answer = replace(
                    answer, name=name, preset=self._steering.preset if self._steering else "", out=self._out
                )
            except RequestError as error:
                answer = replace(answer, refusal=(error.code, error.sentence))
            except OSError as error:
                sentence = f"Ambience: its player cannot start ({error.strerror or error})."
                answer = replace(answer, refusal=(Refusal.ENGINE_FAILED, sentence))
            except Exception:
                LOG.exception("Endless music failed by a fault of ours")
                sentence = "Ambience failed by a fault of ours: the log says where."
                answer = replace(answer, refusal=(Refusal.ENGINE_FAILED, sentence))
        self._services.handle(replace(answer, now=time.monotonic()))

    async def _set(self, effect: SetAmbience, era: int) -> str:
        """Do what a press asks for; returns its name. Raises RequestError, and OSError where no player can start."""
        request, settings = effect.request, self._services.settings
        loop = asyncio.get_running_loop()
        out = request.out or self._out or settings.ambience_out
        if out == MIDI and self._services.state.midi.problem:
            raise RequestError(Refusal.BAD_PARAMETER, self._services.state.midi.problem)
        if not self._presets:
            self._presets, self._style = await loop.run_in_executor(self._threads, _load)
        from musearoo.bridge.requests.ambience import read_steering

        steering, name = read_steering(request, self._steering, self._presets)
        if request.seed >= 0:
            self._seed = request.seed
        elif self._steering is None:
            self._seed = secrets.randbelow(2**31)
        player = None
        if out == PROGRAM and not settings.ambience_program:
            raise RequestError(Refusal.BAD_PARAMETER, NO_PROGRAM)
        if out != MIDI and (self._player is None or out != self._out):
            self._players += 1
            player = await loop.run_in_executor(
                self._threads, self._open_player, steering, self._players, out == PROGRAM, loop
            )
        if era != self._era:
            if player is not None:
                self._threads.submit(player.close)
            raise RequestError(Refusal.CANCELLED, "Ambience: it was ended meanwhile.")
        if out != self._out:
            self._silence()
        self._steering, self._out, self._player = steering, out, player or self._player
        if request.follow >= 0:
            self._follows = effect.follows
        self._steer(steering)
        self._follow(self._read_set() if self._follows else None)
        return name

    def _open_player(
        self, steering: Steering, number: int, is_program: bool, loop: asyncio.AbstractEventLoop
    ) -> Player:
        """Start a player. Runs in a thread; raises OSError."""
        from musearoo.bridge.ambient.messages import PlayerOptions
        from musearoo.bridge.ambient.player import Player

        settings = self._services.settings
        options = PlayerOptions(
            seed=self._seed,
            steering=steering,
            log=str(self._services.home / PLAYER_LOG),
            card=None if is_program else settings.ambience_card,
            program=settings.ambience_program if is_program else (),
            effects=settings.ambience_effects,
            instruments=tuple(settings.ambience_instruments.items()),
        )

        def on_message(message: FromPlayer) -> None:
            loop.call_soon_threadsafe(self._on_message, number, message)

        return Player(options, on_message)

    def _steer(self, steering: Steering) -> None:
        from musearoo.bridge.ambient.messages import Steer

        if self._out == MIDI:
            if self._phrases is None:
                self._phrases = self._open_phrases(steering)
            self._phrases.steer(steering)
        elif self._player is not None:
            self._player.steer(Steer(steering))

    def _open_phrases(self, steering: Steering) -> AmbienceMidi:
        from musearoo.bridge.services.playing.phrases import AmbienceMidi
        from musearoo.engines.ambient.preset import find_preset

        self._midi.expect()
        presets = self._presets
        return AmbienceMidi(
            self._midi, self._threads, self._seed, steering, lambda name: find_preset(name, presets), self._style
        )

    def _silence(self) -> None:
        """End what plays, at either output."""
        player, self._player = self._player, None
        if player is not None:
            # It waits for the fade.
            self._threads.submit(player.close)
        phrases, self._phrases = self._phrases, None
        if phrases is not None:
            phrases.end()
        self._context = None

    def _forget(self, sentence: str) -> None:
        """Let the next press begin as if there had been none."""
        self._era += 1
        self._steering, self._out, self._follows = None, "", ""
        self._heard = AmbienceState(1, "", "", "", "")
        self._sentence = ""
        self._tell(AmbienceState(0, "", "", "", sentence))

    # --- the set that is followed ---

    def _read_set(self) -> MusicalContext | None:
        """Return key, tempo and chords of the set, or None while its Live is away."""
        from musearoo.bridge.requests.generate import read_scene

        lives = self._services.state.lives.values()
        link = next((live.link for live in lives if live.hello.instance == self._follows), None)
        mirror = self._services.mirrors.get(link) if link is not None else None
        if mirror is None:
            return self._context
        try:
            reading = read_jam(mirror, self._services.recall)
        except RequestError:
            return self._context
        return read_scene(reading.song, reading.neighbours, self._services.styles)

    def _follow(self, context: MusicalContext | None) -> None:
        from musearoo.bridge.ambient.messages import FollowSet

        if context == self._context:
            return
        self._context = context
        if self._phrases is not None:
            self._phrases.follow(context)
        elif self._player is not None:
            self._player.steer(FollowSet(context))

    # --- what the player tells, and devices see ---

    def _on_message(self, number: int, message: FromPlayer) -> None:
        from musearoo.bridge.ambient.messages import Over, Playing, Trouble

        if self._player is None or number != self._players:
            return
        match message:
            case Playing():
                chords = " ".join(name for _, name in message.chords[:MOST_CHORDS])
                self._heard = AmbienceState(1, message.preset, message.key, chords, "")
            case Trouble(sentence):
                LOG.warning("Ambience: %s", sentence)
                self._sentence, self._sentence_until = sentence, time.monotonic() + SENTENCE_FOR
            case Over():
                self._player = None
                self._forget(self._sentence or "The ambience has ended by itself: the log says why.")

    def _show(self, now: float) -> None:
        if self._phrases is not None and self._steering is not None:
            phrase = self._phrases.playing
            key = str(phrase.key) if phrase is not None else ""
            chords = " ".join(self._phrases.upcoming()[:MOST_CHORDS])
            sentence = self._services.state.midi.sentence
            self._heard = AmbienceState(1, self._steering.preset, key, chords, sentence)
        sentence = self._heard.sentence or (self._sentence if now < self._sentence_until else "")
        heard = self._heard
        self._tell(AmbienceState(heard.on, heard.preset, heard.key, heard.chords, sentence))

    def _tell(self, shown: AmbienceState) -> None:
        if shown != self._shown:
            self._shown = shown
            self._services.handle(AmbienceSeen(time.monotonic(), shown))


def _load() -> tuple[Mapping[str, AmbientPreset], Style]:
    """Load the presets, and what plays them, outside of the event loop: some hundred milliseconds."""
    from musearoo.bridge.services.playing import phrases  # noqa: F401 - brings the composer
    from musearoo.bridge.settings.ambient_presets import read_ambient_presets
    from musearoo.bridge.settings.presets_folder import read_shipped_style

    return read_ambient_presets(), read_shipped_style("ambient")
