"""A simple client's words as a piece of music to play: style, tempo, key, length; and what had to be guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.core.composing import Players
from musearoo.bridge.imagining.prompt_lexicon import read_lexicon
from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.music.timing import beats_to_seconds, seconds_to_beats
from musearoo.engines.players.arrangement.engine import MIN_SECONDS, SongParams, plan_song
from musearoo.engines.players.arrangement.keys import choose_key
from musearoo.engines.players.params import MAX_BARS
from musearoo.engines.prompts.lexicon import Lexicon
from musearoo.engines.prompts.reading import PromptReading, read_prompt
from musearoo.engines.prompts.tempo import usual_tempo
from musearoo.engines.styles.schema import Style

USUAL_STYLE: Final = "pop"
USUAL_SECONDS: Final = 30.0
UMBRELLAS: Final[Mapping[str, str]] = {"electronic": "house", "electronica": "house"}
"""Genres that are families of styles, with the member that most people mean."""
LONGEST: Final = 600.0
TOLERANCE: Final = 0.1
"""The share of the length that was asked for by which a song may be longer or shorter."""
_DURATION: Final = re.compile(r"\b(\d{1,3}(?:\.\d+)?)[ -]*(seconds?|secs?|s|minutes?|mins?)\b", re.IGNORECASE)


def interpret(
    players: Players,
    _home: Path,
    prompt: str,
    genre: str,
    mood: str,
    bpm: float | None,
    key: str,
    seconds: float | None,
    seed: int,
) -> dict[str, Any]:
    """Return what to play: the fields where they are given, else what the prompt says, else what the style usually has.

    `bars` is given for a loop: what is shorter than a song can be. Raises ParamError for an unknown key.
    """
    lexicon = read_lexicon(players.styles)
    said = read_prompt(prompt, lexicon)
    of_mood = read_prompt(mood, lexicon)
    notes: list[str] = []
    style = _choose_style(genre, said, lexicon, players.styles, notes)
    feeling = of_mood if mood and _is_understood(of_mood) else said
    if mood and not _is_understood(of_mood):
        notes.append(f"“{mood}” is no mood that is known: it was played without.")
    tempo = bpm or said.bpm or usual_tempo(feeling, style)
    named = Key.parse(key) if key else said.key
    chosen = named or choose_key(style.form, feeling.mood or said.mood, derive_seed(seed, "key"))
    length = min(LONGEST, max(2.0, seconds or _duration_in(prompt) or USUAL_SECONDS))
    bar = Meter().bar_beats
    bars = min(MAX_BARS, max(1, round(seconds_to_beats(length, tempo) / bar)))
    is_loop = length < MIN_SECONDS or _is_off(style, length, tempo, chosen, seed, bars)
    return {
        "style": style.name,
        "bpm": tempo,
        "key": str(chosen),
        "seconds": beats_to_seconds(bars * bar, tempo) if is_loop else length,
        "bars": bars if is_loop else None,
        "complexity": round(min(1.0, max(0.0, said.complexity + 0.5 * (feeling.energy - 0.5))), 3),
        "density": said.density,
        "note": " ".join((*notes, *said.messages)),
    }


def _choose_style(
    genre: str, said: PromptReading, lexicon: Lexicon, styles: Mapping[str, Style], notes: list[str]
) -> Style:
    """Return the style of a genre, or of the prompt; adds to the notes where it is only the nearest."""
    found = read_prompt(genre, lexicon) if genre else said
    word = genre or said.genre
    family = UMBRELLAS.get(word.strip().lower())
    name = family or found.style
    if genre and not name:
        notes.append(f"“{genre}” is no genre that is known: it was played as {said.style or USUAL_STYLE}.")
        name = said.style
    elif family or found.near:
        notes.append(f"{word.strip().capitalize()} has no style of its own: {name} is the nearest.")
    return styles.get(name) or styles[USUAL_STYLE]


def _is_off(style: Style, seconds: float, bpm: float, key: Key, seed: int, bars: int) -> bool:
    """Whether a song, which has whole phrases, would miss its length where a loop of whole bars does not."""
    song = plan_song(SongParams(style=style, seconds=seconds, bpm=bpm, key=key), seed).seconds
    loop = beats_to_seconds(bars * Meter().bar_beats, bpm)
    return abs(song - seconds) > TOLERANCE * seconds and abs(loop - seconds) < abs(song - seconds)


def _is_understood(reading: PromptReading) -> bool:
    return reading.mood is not None or any((reading.darkness, reading.pace, reading.energy - 0.5))


def _duration_in(prompt: str) -> float | None:
    """Return the seconds that a prompt asks for.

    >>> _duration_in("a 20 second intro"), _duration_in("two-bar fill"), _duration_in("1.5 minutes of dub")
    (20.0, None, 90.0)
    """
    found = _DURATION.search(prompt)
    if found is None:
        return None
    return float(found[1]) * (60.0 if found[2].lower().startswith("m") else 1.0)
