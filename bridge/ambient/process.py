"""The player process: renders endless music ahead of the sound card, or as far as its owner wants."""

from __future__ import annotations

import contextlib
import os
import time
from math import log10
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.ambient.messages import (
    FadeOut,
    FollowSet,
    Over,
    PlayerOptions,
    Playing,
    Sound,
    Steer,
    ToPlayer,
    Trouble,
    Want,
)
from musearoo.bridge.process.child_process import plain_end, settle_in
from musearoo.bridge.process.priority import raise_priority
from musearoo.engines.errors import EngineError, ParamError, UserFacingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from musearoo.bridge.ambient.card import Card
    from musearoo.bridge.ambient.neural import NeuralAmbience
    from musearoo.bridge.ambient.plugs.rack import PlugRack
    from musearoo.bridge.ambient.program import Program
    from musearoo.engines.audio.endless.ambience import Ambience

AHEAD: Final = 0.65
"""Seconds of sound that wait for the card: under load the worst block takes 40 ms, and others keep it from its core.

Steering waits as long: more would be heard after more than a second."""
LOST: Final = 75
"""The exit status of a process whose sound card has gone."""
TOLD_EVERY: Final = 0.25
IDLE: Final = 0.01
"""Seconds of a pause where nothing is to be done: a quarter of a block."""


@plain_end
def run_player(connection: Connection[Any, Any], heartbeat: Any, options: PlayerOptions) -> None:
    """Play until it has faded out, or its owner has gone."""

    def beat() -> None:
        heartbeat.value += 1

    settle_in(Path(options.log), beat)
    from musearoo.bridge.ambient.card import CardLostError

    if options.card is not None or options.program:
        raise_priority()
    with contextlib.ExitStack() as stack:
        try:
            desk = PlayerDesk(options, connection.send)
            stack.callback(desk.close)
            while not desk.is_over:
                while connection.poll(0.0 if desk.work() else IDLE):
                    desk.take(connection.recv())
            connection.send(Over())
        except CardLostError as error:
            connection.send(Trouble(str(error), restarts=True))
            # Not by sys.exit: PortAudio would wait for a driver that has gone.
            os._exit(LOST)
        except (UserFacingError, ParamError) as error:
            # Another process would meet the same: a file that cannot be read, a model that finds no memory.
            connection.send(Trouble(str(error)))
            connection.send(Over())
        except (EOFError, OSError):
            pass


class PlayerDesk:
    """What is played, where it goes, and what is told of it."""

    def __init__(self, options: PlayerOptions, send: Any) -> None:
        self._send = send
        self._plugs = self._open_plugs(options)
        self._ambience = open_ambience(options, self._plugs)
        self._card: Card | Program | None = _open_output(options)
        self._until = 0
        self._is_ending = False
        self._told = 0.0
        self._steered: tuple[float, int] | None = None
        self._heard_after, self._heard = 0.0, 0
        self._level = 0.0

    @property
    def is_over(self) -> bool:
        """Whether it has faded out, and all of it was heard; without its card, whether it was to."""
        if self._card is not None and self._card.sentence:
            return self._is_ending
        return self._ambience.is_over and (self._card is None or self._card.ahead == 0.0)

    def take(self, message: ToPlayer) -> None:
        """Do what the owner asks for."""
        match message:
            case Steer(steering):
                self._steered = time.monotonic(), self._ambience.steer(steering)
            case FollowSet(context):
                self._ambience.follow(context)
            case FadeOut():
                self._is_ending = True
                self._until = max(self._until, self._ambience.fade_out())
            case Want(until):
                self._until = until

    def work(self) -> bool:
        """Render the next block if one is wanted; returns whether it did. Tells how it goes."""
        import numpy as np

        if self._card is not None and (sentence := self._card.keep_open()):
            self._send(Trouble(sentence))
        is_wanted = self._is_wanted()
        if is_wanted:
            at = self._ambience.position
            block = self._ambience.render()
            self._level = max(float(np.max(np.abs(block))), self._level * 0.8)
            if self._card is not None:
                self._card.put(block)
            else:
                self._send(Sound(at, (np.clip(block.T, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()))
            self._note_heard(at)
        now = time.monotonic()
        if now - self._told >= TOLD_EVERY:
            self._told = now
            self._send(self._describe())
        return is_wanted

    def close(self) -> None:
        """Let go of the card, of plug-ins and of a model."""
        if self._plugs is not None:
            self._plugs.close()
        if self._card is not None:
            self._card.close()
        self._ambience.close()

    def _open_plugs(self, options: PlayerOptions) -> PlugRack | None:
        """Return the plug-ins; None for none, or where they cannot be loaded, which is told."""
        try:
            return open_plugs(options, lambda sentence: self._send(Trouble(sentence)))
        except EngineError as error:
            self._send(Trouble(f"Without its plug-ins: {error}"))
            return None

    def _is_wanted(self) -> bool:
        if self._ambience.is_over:
            return False
        if not self._ambience.is_ready:
            return False
        if self._card is None:
            return self._ambience.position < self._until
        # With no card, music waits: it goes on where it was.
        return not self._card.sentence and self._card.ahead < AHEAD

    def _note_heard(self, at: int) -> None:
        if self._steered is not None and at >= self._steered[1]:
            waits = self._card.ahead + self._card.latency if self._card is not None else 0.0
            self._heard_after = time.monotonic() - self._steered[0] + waits
            self._steered = None
            self._heard += 1

    def _describe(self) -> Playing:
        from musearoo.engines.audio.endless.synth import RATE
        from musearoo.engines.music.spelling import spell_chord

        ambience, card = self._ambience, self._card
        ahead = card.ahead if card is not None else 0.0
        planned = ambience.upcoming
        phrase = planned[0].phrase
        heard = ambience.position - ahead * RATE
        chords = tuple(
            ((each.at - heard) / RATE + span.start * 60.0 / each.phrase.bpm, spell_chord(span.chord, each.phrase.key))
            for each in planned
            for span in each.phrase.chords
            if each.at + span.end * 60.0 / each.phrase.bpm * RATE > heard
        )
        return Playing(
            at=round(heard),
            preset=phrase.preset,
            key=str(phrase.key),
            bpm=phrase.bpm,
            layers=tuple((each.layer, len(each.notes)) for each in phrase.layers),
            chords=chords[:8],
            level_db=round(20.0 * log10(max(self._level, 1e-6)), 1),
            voices=ambience.voices,
            underruns=card.underruns if card is not None else 0,
            ahead=round(ahead, 3),
            heard_after=round(self._heard_after, 3),
            steered=self._heard,
            bookmark=ambience.bookmark(round(heard)),
        )


def _open_output(options: PlayerOptions) -> Card | Program | None:
    """Return where it sounds; None where blocks are asked for."""
    # Imported here: the owner imports this module too, and needs no synthesiser.
    if options.program:
        from musearoo.bridge.ambient.program import Program

        return Program(options.program, options.steering.bpm or 0.0)
    if options.card is None:
        return None
    from musearoo.bridge.ambient.card import Card

    return Card(options.card)


def open_plugs(options: PlayerOptions, tell: Callable[[str], None]) -> PlugRack | None:
    """Return the plug-ins of these options, None for none. Raises EngineError where they cannot be loaded."""
    if not options.effects and not options.instruments:
        return None
    from musearoo.bridge.ambient.plugs.rack import PlugRack
    from musearoo.engines.audio.endless.synth import BLOCK, RATE

    return PlugRack(options.effects, options.instruments, RATE, BLOCK, tell)


def open_ambience(options: PlayerOptions, plugs: PlugRack | None = None) -> Ambience | NeuralAmbience:
    """Return the music of these options. Raises ParamError, AudioFileError for a source that cannot be read, and
    EngineError for a model that cannot be loaded.
    """
    from musearoo.bridge.settings.ambient_presets import read_ambient_presets
    from musearoo.bridge.settings.presets_folder import read_shipped_style
    from musearoo.engines.audio.endless.ambience import Ambience

    presets, style = read_ambient_presets(), read_shipped_style("ambient")
    if options.model is not None:
        from musearoo.bridge.ambient.neural import NeuralAmbience
        from musearoo.bridge.imagining.backends import load_model

        model = load_model(options.model.name, dict(options.model.weights))
        music = NeuralAmbience(options.seed, options.steering, presets, style, model, options.bookmark)
        music.follow(options.context)
        return music
    return Ambience(
        options.seed,
        options.steering,
        presets,
        style,
        source=_read_source(options.source) if options.source else None,
        context=options.context,
        plugs=plugs,
        bookmark=options.bookmark,
    )


def _read_source(path: str) -> Any:
    """Return a sound to take grains from: float32 (samples) at RATE, its first minute."""
    import numpy as np
    from scipy.signal import resample_poly

    from musearoo.bridge.audio.files import read_audio
    from musearoo.engines.audio.endless.synth import RATE

    sound = read_audio(path, end=60.0)
    mono = np.asarray(sound.samples).mean(axis=0)
    divisor = int(np.gcd(RATE, sound.rate))
    mono = resample_poly(mono, RATE // divisor, sound.rate // divisor)
    return (0.2 * mono / max(1e-6, float(np.sqrt(np.mean(mono**2))))).astype(np.float32)
