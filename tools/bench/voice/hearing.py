"""Sentences spoken and understood: each as MuseAroo hears it, in sessions of one speaker, in processes of their own."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.bridge.speech.recognition.opening import open_default
from musearoo.bridge.speech.recognition.recogniser import Recogniser
from musearoo.engines.language.copilot.respond import ACT, ASK
from musearoo.engines.language.grammar.understanding import Understander
from musearoo.engines.language.requests.commands import Command, Intent
from musearoo.tools.bench.voice.music import Music, play_music, read_music, take_excerpt
from musearoo.tools.bench.voice.peers import FreeRecogniser
from musearoo.tools.bench.voice.sentences import Sentence, is_exact
from musearoo.tools.bench.voice.spoken import RATE, Speaker, Voice, as_int16, hiss, lay_under, speak

CHUNK: Final = 0.04
"""Seconds that are fed at a time, as the ear feeds its recogniser."""

MOST_PROCESSES: Final = 8


class Outcome(StrEnum):
    """What becomes of something that was heard."""

    ACTED = "acted upon"
    ASKED = "asked back"
    REFUSED = "not understood"


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence to be spoken; `number` says which music lies under it. Without a text, what is heard is the music."""

    number: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Session:
    """What one speaker says in one room, one sentence after the other: recognisers grow used to both."""

    group: str
    sayings: tuple[Saying, ...]
    speaker: Speaker | None = None
    """Nobody speaks without one."""
    below: float | None = None
    """How many dB the music is below the voice; None for none."""
    seconds: float = 0.0
    """How long Talk is held where nobody speaks."""
    is_paced: bool = False
    """Whether the sound is fed as slowly as it sounds."""
    has_peer: bool = False
    """Whether the peer hears the same."""
    names: tuple[str, ...] = ()
    music: Path | None = None
    """A folder of sound files instead of our own band's music."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a recogniser and the parser made of a sound, and the milliseconds from its last chunk to the command."""

    command: Command
    milliseconds: float

    @property
    def outcome(self) -> Outcome:
        """What MuseAroo does with it."""
        if self.command.intent is Intent.NONE or self.command.confidence < ASK:
            return Outcome.REFUSED
        return Outcome.ACTED if self.command.confidence >= ACT else Outcome.ASKED


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one saying."""

    session: Session
    saying: Saying
    ours: Understood
    peer: Understood | None = None

    @property
    def is_exact(self) -> bool:
        """Whether intent and slots are right, however sure."""
        return is_exact(self.ours.command, self.saying.sentence)


def hear_all(
    sessions: Sequence[Session], tell: Callable[[int, int], None], processes: int | None = None
) -> tuple[Heard, ...]:
    """All that was heard, in the order of the sessions; `tell` gets how many sayings are done, of how many.

    A session runs in one process from its first saying to its last, so that its result depends on nothing else.
    """
    done, of = 0, sum(len(session.sayings) for session in sessions)
    tell(done, of)
    found: dict[int, tuple[Heard, ...]] = {}
    count = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(hear, session): place for place, session in enumerate(sessions)}
        for future in as_completed(futures):
            found[futures[future]] = future.result()
            done += len(future.result())
            tell(done, of)
    return tuple(heard for _, session in sorted(found.items()) for heard in session)


def hear(session: Session) -> tuple[Heard, ...]:
    """What was heard in a session, with recognisers that have heard nothing before."""
    understander = read_understander(read_styles())
    with closing(open_default(None)) as ours:
        peer = FreeRecogniser() if session.has_peer else None
        return tuple(_hear(session, saying, ours, peer, understander) for saying in session.sayings)


def _hear(
    session: Session, saying: Saying, ours: Recogniser, peer: Recogniser | None, understander: Understander
) -> Heard:
    sound = as_int16(make_sound(session, saying))
    return Heard(
        session,
        saying,
        understand(sound, ours, understander, session.names, session.is_paced),
        understand(sound, peer, understander, session.names) if peer else None,
    )


def make_sound(session: Session, saying: Saying) -> Voice:
    """What the microphone gives for a saying; raises SpeakError where a synthesiser is missing."""
    if session.speaker is None:
        frames = round(session.seconds * RATE)
        if session.below is None:
            return hiss(frames, QUIET, seed=saying.number)
        return take_excerpt(find_music(session.music), saying.number, frames)
    voice = speak(saying.sentence.text, session.speaker)
    if session.below is None:
        return voice
    return lay_under(voice, take_excerpt(find_music(session.music), saying.number, len(voice)), session.below)


QUIET: Final = -70.0
"""dB beside full scale: a room in which nothing sounds."""


@cache
def find_music(folder: Path | None) -> tuple[Music, ...]:
    """The music of the bench: our own band's, or the files of a folder."""
    return play_music() if folder is None else read_music(folder)


def understand(
    sound: bytes, recogniser: Recogniser, understander: Understander, names: tuple[str, ...], is_paced: bool = False
) -> Understood:
    """What is made of a sound of 16-bit integers, fed in chunks as the ear does; Talk is let go at its end."""
    recogniser.begin()
    chunks = list(cut(sound))
    due = time.perf_counter()
    for chunk in chunks[:-1]:
        if is_paced:
            due += CHUNK
            time.sleep(max(0.0, due - time.perf_counter()))
        recogniser.feed(chunk)
    if is_paced:
        time.sleep(max(0.0, due + len(chunks[-1]) / 2 / RATE - time.perf_counter()))
    ended = time.perf_counter()
    recogniser.feed(chunks[-1])
    recognised = recogniser.end()
    command = understander.understand(recognised.text, names)
    milliseconds = (time.perf_counter() - ended) * 1000
    sure = min(command.confidence, recognised.confidence)
    return Understood(msgspec.structs.replace(command, confidence=sure), milliseconds)


def cut(sound: bytes) -> Iterator[bytes]:
    """Sound of 16-bit integers in chunks of CHUNK seconds, the last one shorter."""
    step = round(CHUNK * RATE) * 2
    for start in range(0, len(sound), step):
        yield sound[start : start + step]
