"""The vocabulary of prompts, parsed strictly from its preset: unknown fields are errors."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from musearoo.engines.errors import PresetError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.pitch import parse_pitch_class
from musearoo.engines.styles.drums import TimeFeel
from musearoo.engines.styles.form import MoodName
from musearoo.engines.styles.preset import Preset

Word = Annotated[str, Meta(min_length=1, max_length=60)]
Words = tuple[Word, ...]
Shift = Annotated[float, Meta(ge=-1, le=1)]


class InstrumentWords(Preset, frozen=True, kw_only=True):
    """An instrument: its name, the parts that can play it (best first), and its General MIDI program (0..127), None to
    leave it to the style. `words` are synonyms, `refused_by` phrases that exclude it, and `style` the style it implies
    if nothing else does. A `general` instrument is a family: if the style has one of its kind for the part, that one
    plays.
    """

    name: Word
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    program: Annotated[int, Meta(ge=0, le=127)] | None = None
    style: str = ""
    general: bool = False
    words: Words = ()
    refused_by: Words = ()


class MoodWords(Preset, frozen=True, kw_only=True):
    """Words for one character: its mood, and what it adds to energy, complexity and density (0.5 by default), to
    darkness (-1..1) and to pace (-1 slow to 1 fast).
    """

    words: Words
    mood: MoodName | None = None
    energy: Shift = 0.0
    complexity: Shift = 0.0
    density: Shift = 0.0
    darkness: Shift = 0.0
    pace: Shift = 0.0


class KeyWords(Preset, frozen=True, kw_only=True):
    """How a language writes keys: words for major, minor and accidentals, and note names with the English ones."""

    major: Words
    minor: Words
    notes: dict[Word, str]
    sharp: Words = ()
    flat: Words = ()


class LanguageWords(Preset, frozen=True, kw_only=True, rename={"and_": "and", "with_": "with"}):
    """Another language: its music words with their English equivalents, and its function words.

    A star at the end of a word matches any ending. `without` and `only` precede what they apply to, `without_after` and
    `only_after` follow it; `and_` and `with_` are conjunctions, and `function` words have no meaning of their own.
    """

    name: Word
    words: dict[Word, Word]
    keys: KeyWords
    and_: Words = ()
    with_: Words = ()
    function: Words = ()
    without: Words = ()
    without_after: Words = ()
    only: Words = ()
    only_after: Words = ()


class Vocabulary(Preset, frozen=True, kw_only=True):
    """All words for reading prompts; `engines.prompts.lexicon` adds the names of the styles.

    `styles` and `near` map the names of styles to words for them, and to genres close to them. `weak` words name a
    style only if no other word does, and `describing` ones never do before an instrument.
    """

    styles: dict[str, Words]
    near: dict[str, Words]
    weak: Words
    describing: Words
    instruments: tuple[InstrumentWords, ...]
    whole: Words
    without: Words
    only: Words
    only_after: Words
    moods: tuple[MoodWords, ...]
    time_feels: dict[TimeFeel, Words]
    numbers: dict[Word, Annotated[int, Meta(ge=1, le=64)]]
    languages: dict[str, LanguageWords]


def parse_vocabulary(text: str, source_name: str = "prompt_words.yaml") -> Vocabulary:
    """Parse the vocabulary of a YAML text; errors raise PresetError with the file and the field."""
    vocabulary = convert_data(parse_yaml(text, source_name), Vocabulary, source_name)
    names = [instrument.name for instrument in vocabulary.instruments]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise PresetError(
                source_name, f"instruments[{index}].name", f"expected a name of its own, got {name!r} again"
            )
    for code, language in vocabulary.languages.items():
        for word, note in language.keys.notes.items():
            try:
                parse_pitch_class(note)
            except ValueError as error:
                raise PresetError(source_name, f"languages[{code}].keys.notes[{word}]", str(error)) from error
    return vocabulary
