"""Rule-based parsing of a prompt: style, wanted and excluded instruments, tempo, key, length and character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, get_args

from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.cleaning import LONGEST, clean_prompt, cut_at_word
from musearoo.engines.prompts.figures import read_figures
from musearoo.engines.prompts.grammar import Sentence
from musearoo.engines.prompts.lexicon import Lexicon
from musearoo.engines.prompts.translation import translate
from musearoo.engines.prompts.vocabulary import InstrumentWords
from musearoo.engines.styles.drums import TimeFeel
from musearoo.engines.styles.form import MoodName

_FEELS: Final[dict[str, TimeFeel]] = {feel: feel for feel in get_args(TimeFeel)}
_SHOWN: Final = 40
"""Characters of a prompt that an error quotes."""


class RequestedInstrument(NamedTuple):
    """A requested instrument, and the parts that can play it (best first).

    `program` is its General MIDI program, None to leave it to the style; `style` the style it implies, "" for none.
    A `general` one is a family, such as guitar, for which a style may have its own kind.
    """

    name: str
    roles: tuple[Role, ...]
    program: int | None
    style: str = ""
    general: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReading:
    """What a prompt asks for; "", None and () if it says nothing.

    `text` is the whole prompt, cleaned and in English, `description` the same without tempo, key and length. `style`
    is the name of a style and `genre` its word in the text; `near` means that the style only approximates that genre.
    `instruments` are the wanted ones in text order, `refused` the names of the excluded ones; `only`: nothing else
    plays; `whole`: they play within a whole band. Energy, complexity and density are 0..1, 0.5 by default;
    `darkness` is -1 (bright) to 1, `pace` -1 (slow) to 1. `messages` are for the user.
    """

    text: str
    description: str
    style: str = ""
    genre: str = ""
    near: bool = False
    instruments: tuple[RequestedInstrument, ...] = ()
    refused: tuple[str, ...] = ()
    only: bool = False
    whole: bool = False
    bpm: float | None = None
    key: Key | None = None
    meter: Meter | None = None
    bars: int | None = None
    mood: MoodName | None = None
    energy: float = 0.5
    complexity: float = 0.5
    density: float = 0.5
    darkness: float = 0.0
    pace: float = 0.0
    time_feel: TimeFeel | None = None
    messages: tuple[str, ...] = ()

    @property
    def refused_roles(self) -> tuple[Role, ...]:
        """The parts excluded as a whole: a text without piano may still have chords."""
        return tuple(role for role in get_args(Role) if role in self.refused)


def read_prompt(text: str, lexicon: Lexicon) -> PromptReading:
    """Parse a prompt. Deterministic.

    Texts in other languages are translated as far as their words are known. Raises ParamError for a text in another
    script of which nothing is understood.
    """
    messages: list[str] = []
    cleaned = clean_prompt(text)
    if len(cleaned) > LONGEST:
        cleaned = cut_at_word(cleaned, LONGEST)
        messages.append(
            f"The prompt is long: its first {len(cleaned)} characters are read, up to “{_last_words(cleaned)}”."
        )
    english, language, unknown = translate(cleaned, lexicon)
    if unknown and not any(map(str.isalnum, english)):
        bounds = "in English, which the models read; in other languages words of music such as jazz or piano are known"
        raise ParamError("prompt", bounds, cut_at_word(cleaned, _SHOWN))
    if language:
        messages.append(f"Read as {language}: “{cut_at_word(english, 4 * _SHOWN)}”.")
    if unknown:
        messages.append(f"Not understood, and left out: {', '.join(unknown[:5])}{', and more' if unknown[5:] else ''}.")
    figures = read_figures(english, lexicon.numbers)
    sentence = Sentence.of(figures.rest, lexicon)
    style = sentence.find_style()
    mentions = sentence.find_mentions()
    only = "only" in mentions.values()
    wanted = [name for name, mention in mentions.items() if mention == ("only" if only else "wanted")]
    names_band = any(phrase.of("whole") for phrase in sentence.phrases)
    character = _read_character(sentence, lexicon)
    return PromptReading(
        text=english,
        description=figures.rest,
        style=style.meaning.name if style else "",
        genre=style.word if style else "",
        near=style is not None and style.meaning.kind == "near",
        instruments=tuple(_request(lexicon.instruments[name]) for name in wanted),
        refused=tuple(name for name, mention in mentions.items() if mention == "without"),
        only=only,
        whole=names_band or (style is not None and style.leads and bool(wanted) and not only),
        bpm=figures.bpm,
        key=figures.key,
        meter=figures.meter,
        bars=figures.bars,
        mood=character.mood,
        energy=character.energy,
        complexity=character.complexity,
        density=character.density,
        darkness=character.darkness,
        pace=character.pace,
        time_feel=next((_FEELS[one.name] for phrase in sentence.phrases if (one := phrase.of("time_feel"))), None),
        messages=tuple(messages),
    )


class _Character(NamedTuple):
    mood: MoodName | None
    energy: float
    complexity: float
    density: float
    darkness: float
    pace: float


def _read_character(sentence: Sentence, lexicon: Lexicon) -> _Character:
    """Return the first mood named, and the sum of all character words; a negated word adds half its opposite.

    Moods may overlap other phrases: a slow blues is also slow.
    """
    mood: MoodName | None = None
    sums = {"energy": 0.0, "complexity": 0.0, "density": 0.0, "darkness": 0.0, "pace": 0.0}
    for phrase in lexicon.find(sentence.tokens, "mood"):
        meaning = phrase.of("mood")
        if meaning is None or meaning.mood is None:
            continue
        negated = sentence.is_refused(phrase) and not sentence.is_of_an_instrument(phrase)
        mood = mood or (None if negated else meaning.mood.mood)
        for field in sums:
            sums[field] += (-0.5 if negated else 1.0) * getattr(meaning.mood, field)

    def within(low: float, value: float) -> float:
        return round(min(1.0, max(low, value)), 3)

    return _Character(
        mood,
        *(within(0.0, 0.5 + sums[field]) for field in ("energy", "complexity", "density")),
        *(within(-1.0, sums[field]) for field in ("darkness", "pace")),
    )


def _request(words: InstrumentWords) -> RequestedInstrument:
    return RequestedInstrument(words.name, words.roles, words.program, words.style, words.general)


def _last_words(text: str) -> str:
    return " ".join(text[-_SHOWN:].split(" ")[-3:])
