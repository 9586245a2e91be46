"""Speech recognition of synthesised sentences, in sessions of one speaker, each in a separate process."""

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
"""Seconds of audio per chunk, as the audio input feeds its recogniser."""

MOST_PROCESSES: Final = 8


class Outcome(StrEnum):
    """The outcome of an utterance."""

    ACTED = "acted upon"
    ASKED = "asked back"
    REFUSED = "not understood"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence to be spoken; `number` selects the music under it. Without a text, only the music plays."""

    number: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Session:
    """The consecutive sentences of one speaker in one room: recognisers adapt to both."""

    group: str
    sayings: tuple[Utterance, ...]
    speaker: Speaker | None = None
    """None for no speech."""
    below: float | None = None
    """The level of the music below the voice in dB; None for none."""
    seconds: float = 0.0
    """How long Talk is held without speech."""
    is_paced: bool = False
    """Whether the sound is fed in real time."""
    has_peer: bool = False
    """Whether the peer gets the same sound."""
    names: tuple[str, ...] = ()
    music: Path | None = None
    """A folder of sound files instead of our own band's music."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The result of a recogniser and the parser for a sound, and the milliseconds from its last chunk to the
    command.
    """

    command: Command
    milliseconds: float

    @property
    def outcome(self) -> Outcome:
        """What MuseAroo does with it."""
        if self.command.intent is Intent.NONE or self.command.confidence < ASK:
            return Outcome.REFUSED
        return Outcome.ACTED if self.command.confidence >= ACT else Outcome.ASKED


@dataclass(frozen=True, slots=True)
class UtteranceResult:
    """The results for one utterance."""

    session: Session
    utterance: Utterance
    ours: Interpretation
    peer: Interpretation | None = None

    @property
    def is_exact(self) -> bool:
        """Whether intent and slots are right, at any confidence."""
        return is_exact(self.ours.command, self.utterance.sentence)


def run_sessions(
    sessions: Sequence[Session], tell: Callable[[int, int], None], processes: int | None = None
) -> tuple[UtteranceResult, ...]:
    """Return all results, in the order of the sessions; `tell` receives how many utterances are done, and their total.

    A session runs in one process from first to last utterance, so that its result is independent of everything else.
    """
    done, of = 0, sum(len(session.sayings) for session in sessions)
    tell(done, of)
    found: dict[int, tuple[UtteranceResult, ...]] = {}
    count = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(run_session, session): place for place, session in enumerate(sessions)}
        for future in as_completed(futures):
            found[futures[future]] = future.result()
            done += len(future.result())
            tell(done, of)
    return tuple(results for _, session in sorted(found.items()) for results in session)


def run_session(session: Session) -> tuple[UtteranceResult, ...]:
    """Return the results of a session, with new recognisers."""
    understander = read_understander(read_styles())
    with closing(open_default(None)) as ours:
        peer = FreeRecogniser() if session.has_peer else None
        return tuple(_run_session(session, utterance, ours, peer, understander) for utterance in session.sayings)


def _run_session(
    session: Session, utterance: Utterance, ours: Recogniser, peer: Recogniser | None, understander: Understander
) -> UtteranceResult:
    sound = as_int16(make_sound(session, utterance))
    return UtteranceResult(
        session,
        utterance,
        understand(sound, ours, understander, session.names, session.is_paced),
        understand(sound, peer, understander, session.names) if peer else None,
    )


def make_sound(session: Session, utterance: Utterance) -> Voice:
    """Return the microphone signal of an utterance. Raises SpeakError for a missing synthesiser."""
    if session.speaker is None:
        frames = round(session.seconds * RATE)
        if session.below is None:
            return hiss(frames, QUIET, seed=utterance.number)
        return take_excerpt(find_music(session.music), utterance.number, frames)
    voice = speak(utterance.sentence.text, session.speaker)
    if session.below is None:
        return voice
    return lay_under(voice, take_excerpt(find_music(session.music), utterance.number, len(voice)), session.below)


QUIET: Final = -70.0
"""dB relative to full scale: the level of a quiet room."""


@cache
def find_music(folder: Path | None) -> tuple[Music, ...]:
    """Return the benchmark's music: our own band's, or the files of a folder."""
    return play_music() if folder is None else read_music(folder)


def understand(
    sound: bytes, recogniser: Recogniser, understander: Understander, names: tuple[str, ...], is_paced: bool = False
) -> Interpretation:
    """Return the result for a sound of 16-bit integers, fed in chunks as the audio input does; Talk is released at its
    end.
    """
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
    return Interpretation(msgspec.structs.replace(command, confidence=sure), milliseconds)


def cut(sound: bytes) -> Iterator[bytes]:
    """Yield sound of 16-bit integers in chunks of CHUNK seconds, the last one shorter."""
    step = round(CHUNK * RATE) * 2
    for start in range(0, len(sound), step):
        yield sound[start : start + step]
