"""Sentences as people write them, drawn ones, foreign ones, and music: spoken, heard by both recognisers, and weighed.

The sentences that are spoken here are left out of those by which words are expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_table, read_understander, read_usage
from musearoo.bridge.speech.recognition.choice import Choice, UtteranceFacts
from musearoo.bridge.speech.recognition.moonshine_files import find_network
from musearoo.bridge.speech.recognition.opening import open_joint
from musearoo.engines.errors import EngineError
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.requests.commands import Command
from musearoo.tools.bench.voice.music import Music, play_piece, take_excerpt
from musearoo.tools.bench.voice.spoken import FLITE, RATE, Speaker, Voice, as_int16, lay_under, speak
from musearoo.tools.workshop.training.voice.confidence.examples import BELOW, MUSIC, STEP, read_outside

KEPT: Final = 3
"""Of so many written sentences, one is spoken here and not expected."""

FIRST_SEED: Final = 200_000
"""Of the drawn sentences: others than those by which words are expected, and than those of the bench."""

SECONDS: Final = (2, 5)
"""How long Talk is held over music alone, at least and at most."""

CHUNK: Final = RATE // 10 * 2


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, "" for none, and what it means: None for what must not be acted upon."""

    text: str
    wanted: Command | None


@dataclass(frozen=True, slots=True)
class Session:
    """What one speaker says, or nobody, with music so many dB below."""

    speaker: Speaker | None
    below: float | None
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """All that may have been said of one utterance, and which of it is right."""

    said: str
    below: float | None
    is_foreign: bool
    choices: tuple[Choice, ...]
    rights: tuple[bool, ...]
    around: UtteranceFacts


def plan_sessions(count: int) -> tuple[Session, ...]:
    """Of each kind `count` sentences for each speaker and level of the music, and music alone."""
    table, styles, understander = read_table(), read_styles(None), read_understander(read_styles(None))
    written, outside = read_usage()[::KEPT], read_outside()
    sessions = []
    for number, (speaker, below) in enumerate((speaker, below) for below in BELOW for speaker in FLITE):
        places = range(number * count, (number + 1) * count)
        texts = [written[place * STEP % len(written)] for place in places]
        sayings = [Saying(text, understander.understand(text)) for text in texts]
        sayings += [Saying(*speakable(table, styles, FIRST_SEED + place)) for place in places]
        sayings += [Saying(outside[place * STEP % len(outside)], None) for place in places]
        sessions.append(Session(speaker, below, tuple(sayings)))
    return (*sessions, *[Session(None, None, (Saying("", None),) * (4 * count))] * 4)


def hear_all(sessions: Sequence[Session], processes: int) -> Iterator[Example]:
    """What is heard of all of them, each session by recognisers of its own."""
    with ProcessPoolExecutor(processes) as pool:
        for number, examples in enumerate(pool.map(_hear_session, sessions, range(len(sessions)))):
            print(f"session {number + 1} of {len(sessions)}", flush=True)
            yield from examples


def _hear_session(session: Session, first: int) -> list[Example]:
    folder = find_network()
    if folder is None:
        raise EngineError("moonshine-voice is not installed: python3 tools/dev.py setup --with voice.")
    pieces = tuple(play_piece(*piece) for piece in MUSIC)
    expected = [text for place, text in enumerate(read_usage()) if place % KEPT]
    examples = []
    with closing(open_joint(folder, None, expected)) as ears:
        for number, saying in enumerate(session.sayings):
            sound = as_int16(_sound_of(session, saying.text, number + first, pieces))
            ears.begin()
            for start in range(0, len(sound), CHUNK):
                ears.feed(sound[start : start + CHUNK])
            choices, around = ears.end_with_choices()
            rights = tuple(_means(choice.command, saying.wanted) for choice in choices)
            examples.append(Example(saying.text, session.below, saying.wanted is None, choices, rights, around))
    return examples


def _means(heard: Command, wanted: Command | None) -> bool:
    return wanted is not None and (heard.intent, heard.slots) == (wanted.intent, wanted.slots)


def _sound_of(session: Session, text: str, number: int, pieces: Sequence[Music]) -> Voice:
    if session.speaker is None:
        # Alternately loud and soft.
        shortest, longest = SECONDS
        music = take_excerpt(pieces, number, RATE * (shortest + number % (longest - shortest + 1)))
        return music * np.float32((0.5 if number % 2 else 0.1) / float(np.abs(music).max()))
    voice = speak(text, session.speaker)
    if session.below is None:
        return voice
    return lay_under(voice, take_excerpt(pieces, number, len(voice)), session.below)
