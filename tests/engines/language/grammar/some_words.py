"""Sentences and word sequences for snapshots: real ones, similar ones, and nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from musearoo.engines.foundation.chance import stream
from musearoo.engines.language.grammar.harmony_words import (
    read_chord,
    read_chords,
    read_key,
    read_note,
    read_one_chord,
    read_tonic,
)
from musearoo.engines.language.grammar.numbers import read_number, read_ordinal, read_seconds, read_tempo
from musearoo.engines.language.grammar.numeral_words import read_numerals, read_steps
from musearoo.engines.language.grammar.sentence import cut
from tests.engines.language.sentences import read_sentences

TABLES = ("known", "paraphrases", "outside", "spoken", "blind")
ODD = ("purple", "not", "and", "the", ",", "please", "no", "two", "a", "bass", "um", "120", "in", "than", "Vox", "it")
NUMBERS = (
    *("a", "a", "an", "and", "half", "couple", "pair", "dozen", "of", "hundred", "hundred", "point", "oh", "o", "zero"),
    *("one", "one", "two", "two", "three", "five", "eight", "nine", "ten", "eleven", "nineteen", "twenty", "thirty"),
    *("ninety", "8", "64", "92.5", "120", "1234567", "2:30", "0:45", "12:05", "minute", "minutes", "min", "seconds"),
    *("second", "sec", "bars", "bpm", "bass", "first", "third", "ninth", "tenth", "twentieth", "3rd", "21st", "oh"),
)
HARMONY = (
    *("a", "A", "b", "c", "C", "d", "D", "f", "F", "g", "sharp", "flat", "F#", "Bb", "eb", "c#", "major", "minor"),
    *("m", "min", "dorian", "blues", "scale", "natural", "pentatonic", "whole", "tone", "seven", "7", "6", "six"),
    *("major", "minor", "seven", "nine", "flat", "five", "half", "diminished", "sus", "four", "add", "Dm", "Am", "am"),
    *("Cmaj7", "g7", "G7", "F/A", "C#m7b5", "go", "do", "Co", "Bm7", "Fmin", "and", "then", "to", ",", "-", "bars"),
    *("of", "in", "please", "eight", "over", "with", "funk", "takes", "Xyz", "13", "power", "chord"),
)
NUMERALS = (
    *("i", "I", "ii", "ii7", "V", "V7", "v", "vi", "IV", "Imaj7", "bVII", "#iv", "viio", "vii°", "V7/V", "VIII", "iiv"),
    *("-", ",", "and", "then", "bass", "b", "VI", "it", "very", "I-V-vi-IV", "2-5-1", "1", "2", "5", "6", "4", "8"),
    *("one", "two", "five", "six", "four", "seven", "three", "zero", "bars", "of", "track", "at", "to", "beats", "in"),
)


def some_sentences(count: int) -> Iterator[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """Yield the sentences of all tables with their track names, and half as many altered ones."""
    spoken = []
    for name in TABLES:
        table = read_sentences(name)
        spoken += [(case.text, table.names) for case in table.cases]
    for start in range(0, len(spoken), count):
        yield "said", spoken[start : start + count]
    chance = stream(1, "sentences")
    changed = [(altered(chance, text, chance.choice(spoken)[0]), names) for text, names in spoken[::2]]
    for start in range(0, len(changed), count):
        yield "changed", changed[start : start + count]


def altered(chance: Random, text: str, other: str) -> str:
    """Return a sentence with a word added, removed or moved, cut short, or followed by another sentence."""
    words = text.split()
    at = chance.randrange(len(words))
    match chance.randrange(8):
        case 0:
            del words[at]
        case 1 | 2:
            words.insert(at, chance.choice(ODD))
        case 3:
            words = words[at:] + words[:at]
        case 4:
            return f"{text}{chance.choice((' and ', ', ', ' but ', ' '))}{other}"
        case 5:
            return text.upper() if chance.random() < 0.3 else text.title()
        case 6:
            words[at] = chance.choice(other.split())
        case _:
            words = words[: at + 1]
    return " ".join(words)


def rows_read(count: int, rows: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the readings of word sequences, from each word on."""
    for name, words in (("numbers", NUMBERS), ("harmony", HARMONY), ("numerals", NUMERALS)):
        for number in range(count):
            chance = stream(number, "rows", name)
            yield f"{name} {number}", tuple(_row(name, chance, words) for _ in range(rows))


def _row(name: str, chance: Random, words: tuple[str, ...]) -> tuple[Any, ...]:
    row = [chance.choice(words) for _ in range(chance.randrange(1, 8))]
    if name == "numbers":
        return tuple(
            (read_number(row, at), read_tempo(row, at), read_ordinal(row, at), read_seconds(tuple(row), at))
            for at in range(len(row) + 1)
        )
    sentence = cut(" ".join(row))
    reads = (
        (read_note, read_key, read_tonic, read_chord, read_one_chord, read_chords)
        if name == "harmony"
        else (read_numerals, read_steps)
    )
    shown = (sentence.words, sentence.capital, sentence.pause, sentence.spans)
    return shown, tuple(tuple(read(sentence, at) for read in reads) for at in range(len(sentence)))
