"""Sentences of the grammar, sentences from outside it (outside.txt), and music: spoken, heard, and weighed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_table, read_understander
from musearoo.bridge.speech.recognition.opening import open_sphinx_alone
from musearoo.bridge.speech.recognition.sphinx_evidence import Evidence
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.requests.commands import Command
from musearoo.tools.bench.voice.music import Music, play_piece, take_excerpt
from musearoo.tools.bench.voice.spoken import FLITE, RATE, Speaker, Voice, as_int16, lay_under, speak

MUSIC: Final = (("disco", 4001), ("blues", 4002), ("hip hop", 4003), ("bossa nova", 4004))
"""Other pieces, of other styles, than those of `musearoo bench voice`."""

BELOW: Final = (None, 20.0, 10.0)
"""How many dB the music lies below the voice; None for none."""

STEP: Final = 7
"""Through the sentences from outside, so that neighbours, which are alike, come to different speakers: prime to 120."""

CHUNK: Final = RATE // 10 * 2


@dataclass(frozen=True, slots=True)
class Example:
    """What was heard of one utterance. `wanted` is None where it must not be acted upon."""

    said: str
    below: float | None
    wanted: Command | None
    heard: str
    evidence: Evidence | None
    is_right: bool
    """Whether what was heard means what is wanted."""


@dataclass(frozen=True, slots=True)
class Session:
    """One speaker, or music alone (None), with music so many dB below, and the sentences with what they mean."""

    speaker: Speaker | None
    below: float | None
    sentences: tuple[tuple[str, Command | None], ...]


def read_outside() -> tuple[str, ...]:
    """Sentences that ask for nothing, half of them with words of the grammar."""
    text = (
        resources.files("musearoo.tools.workshop.training.voice.confidence")
        .joinpath("outside.txt")
        .read_text(encoding="utf-8")
    )
    return tuple(text.split("\n")[:-1])


def plan_sessions(count: int, seed: int) -> tuple[Session, ...]:
    """Sessions of `count` sentences of the grammar and as many from outside it, for each speaker and music's level.

    No sentence of the grammar is spoken twice; those from outside are dealt out in turn.
    """
    table, styles = read_table(), read_styles(None)
    outside = read_outside()
    kinds = [(speaker, below) for below in BELOW for speaker in FLITE]
    sessions = []
    for number, (speaker, below) in enumerate(kinds):
        places = range(number * count, (number + 1) * count)
        inside = tuple(speakable(table, styles, seed + place) for place in places)
        foreign = tuple((outside[place * STEP % len(outside)], None) for place in places)
        sessions.append(Session(speaker, below, (*inside, *foreign)))
    return (*sessions, Session(None, None, (("", None),) * (3 * count)))


def hear_all(sessions: Sequence[Session], processes: int) -> Iterator[Example]:
    """What is heard of all of them, each session by a recogniser of its own."""
    with ProcessPoolExecutor(processes) as pool:
        for examples in pool.map(_hear_session, sessions):
            yield from examples


def _hear_session(session: Session) -> list[Example]:
    pieces = tuple(play_piece(*piece) for piece in MUSIC)
    understander = read_understander(read_styles(None))
    examples = []
    with closing(open_sphinx_alone(None)) as recogniser:
        for number, (said, wanted) in enumerate(session.sentences):
            sound = as_int16(_sound_of(session, said, number, pieces))
            recogniser.begin()
            for start in range(0, len(sound), CHUNK):
                recogniser.feed(sound[start : start + CHUNK])
            heard, evidence = recogniser.end_with_evidence()
            found = understander.understand(heard.text)
            right = wanted is not None and (found.intent, found.slots) == (wanted.intent, wanted.slots)
            examples.append(Example(said, session.below, wanted, heard.text, evidence, right))
    return examples


def _sound_of(session: Session, said: str, number: int, pieces: Sequence[Music]) -> Voice:
    if session.speaker is None:
        # Alternately loud and soft, two to five seconds.
        music = take_excerpt(pieces, number, RATE * (2 + number % 4))
        return music * np.float32((0.5 if number % 2 else 0.1) / float(np.abs(music).max()))
    voice = speak(said, session.speaker)
    if session.below is None:
        return voice
    return lay_under(voice, take_excerpt(pieces, number, len(voice)), session.below)
