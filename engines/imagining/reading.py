"""What a prompt asks for: style, instruments wanted and refused, tempo, key, length and character. By rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, get_args

from engines.errors import ParamError
from engines.imagining.cleaning import LONGEST, clean_prompt, cut_at_word
from engines.imagining.figures import read_figures
from engines.imagining.lexicon import Lexicon, Phrase, Token, split_words
from engines.imagining.translation import translate
from engines.music.context import Role
from engines.music.meter import Meter
from engines.music.scale import Key
from engines.styles.drums import TimeFeel
from engines.styles.form import MoodName

REACH: Final = 3
"""Words that may stand between "no" or "only" and the instrument that it is said of."""
_JOINING: Final = frozenset(("and", "or", "nor", "plus", "any", "the", "a", "an", "some"))
_LINKS: Final = _JOINING | frozenset(
    ("with", "over", "on", "in", "for", "of", "featuring", "feat", "using", "by", "from")
)
"""Words behind which something new begins."""
_SHOWN: Final = 40
"""Letters of a prompt that an error repeats."""


class HeardInstrument(NamedTuple):
    """An instrument that is asked for, and the parts that can play it (the best first).

    `program` is its General MIDI program, None where that is left to the style; `style` the name of the style that it
    brings along, "" for none. A general one is a family, of which a style may have its own kind.
    """

    name: str
    roles: tuple[Role, ...]
    program: int | None
    style: str = ""
    general: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReading:
    """What a prompt asks for; "", None and () where it says nothing.

    `text` is the whole prompt, readable and in English, `description` the same without tempo, key and length. `style`
    is the name of a style and `genre` its word in the text; `near` says that the style only comes near that genre.
    `instruments` are those wanted in the order of the text, `refused` the names of those that are not, `only` says that
    nothing else is to play, and `whole` that a whole band is meant, in which they are heard. Energy, complexity and
    density are 0..1 with one half as usual, `darkness` is -1 (bright) to 1, `pace` -1 (slow) to 1. `told` are sentences
    for the user.
    """

    text: str
    description: str
    style: str = ""
    genre: str = ""
    near: bool = False
    instruments: tuple[HeardInstrument, ...] = ()
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
    told: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[Role, ...]:
        """The parts that the instruments wanted are best for, each once, in the order of the text."""
        return tuple(dict.fromkeys(instrument.roles[0] for instrument in self.instruments))

    @property
    def refused_roles(self) -> tuple[Role, ...]:
        """The parts that are refused as a whole: a text without piano may have chords."""
        return tuple(role for role in get_args(Role) if role in self.refused)


def read_prompt(text: str, lexicon: Lexicon) -> PromptReading:
    """What a text asks for; the same text and dictionary give the same reading.

    Texts in other languages are read as far as their words are known. Raises ParamError for a text in another script
    of which nothing is understood.
    """
    told: list[str] = []
    cleaned = clean_prompt(text)
    if len(cleaned) > LONGEST:
        cleaned = cut_at_word(cleaned, LONGEST)
        told.append(
            f"The prompt is long: its first {len(cleaned)} characters are read, up to “{_last_words(cleaned)}”."
        )
    english, language, unknown = translate(cleaned, lexicon)
    if unknown and not any(map(str.isalnum, english)):
        bounds = "in English, which the models read; in other languages words of music such as jazz or piano are known"
        raise ParamError("prompt", bounds, cut_at_word(cleaned, _SHOWN))
    if language:
        told.append(f"Read as {language}: “{cut_at_word(english, 4 * _SHOWN)}”.")
    if unknown:
        told.append(f"Not understood, and left out: {', '.join(unknown[:5])}{', and more' if unknown[5:] else ''}.")
    figures = read_figures(english, lexicon.numbers)
    tokens = split_words(figures.rest)
    phrases = lexicon.find(tokens)
    instruments = _read_instruments(tokens, phrases)
    refused = [name for name, place in instruments.items() if place == "without"]
    only = any(place == "only" for place in instruments.values())
    wanted = [name for name, place in instruments.items() if place == ("only" if only else "wanted")]
    style = _read_style(tokens, phrases)
    character = _read_character(tokens, phrases, lexicon.find(tokens, "mood"))
    feel = next((meaning.name for phrase in phrases if (meaning := phrase.of("time_feel"))), None)
    return PromptReading(
        text=english,
        description=figures.rest,
        style=style.name,
        genre=style.genre,
        near=style.near,
        instruments=tuple(
            HeardInstrument(name, words.roles, words.program, words.style, words.general)
            for name in wanted
            for words in (lexicon.instruments[name],)
        ),
        refused=tuple(refused),
        only=only,
        whole=any(phrase.of("whole") for phrase in phrases) or bool(wanted and style.leads and not only),
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
        time_feel=feel,  # type: ignore[arg-type]
        told=tuple(told),
    )


class _StyleRead(NamedTuple):
    name: str = ""
    genre: str = ""
    near: bool = False
    leads: bool = False
    """Whether it is what the text is of, as in "dub with a warm bass", and not how an instrument plays: "dub bass"."""


class _Character(NamedTuple):
    mood: MoodName | None
    energy: float
    complexity: float
    density: float
    darkness: float
    pace: float


def _read_style(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> _StyleRead:
    """The style of a text: of the first words for styles that stand together the last, which in English is the noun.

    Words that say little count where there is no other, and some not where they describe an instrument.
    """
    runs: list[list[Phrase]] = []
    last = -1
    for phrase in phrases:
        meaning = phrase.of("style", "near")
        if meaning is None or _is_refused(tokens, phrases, phrase):
            continue
        if meaning.describing and any(other.first == phrase.last and other.of("instrument") for other in phrases):
            continue
        if phrase.first != last:
            runs.append([])
        runs[-1].append(phrase)
        last = phrase.last
    strong = [[phrase for phrase in run if not _is_weak(phrase)] for run in runs]
    run = next((run for run in strong if run), runs[0] if runs else [])
    if not run:
        return _StyleRead()
    phrase = run[-1]
    meaning = phrase.of("style", "near")
    if meaning is None:  # cannot be: the run holds nothing else
        return _StyleRead()
    genre = " ".join(token.word for token in tokens[phrase.first : phrase.last])
    return _StyleRead(meaning.name, genre, meaning.kind == "near", not _describes(tokens, phrases, phrase))


def _describes(tokens: Sequence[Token], phrases: Sequence[Phrase], phrase: Phrase) -> bool:
    """Whether a phrase says how an instrument plays, which is itself one or stands behind it, two words on at most."""
    if phrase.of("instrument"):
        return True
    following = next((other for other in phrases if other.first >= phrase.last and other.of("instrument")), None)
    if following is None or following.first > phrase.last + 2 or _stops(tokens, phrase.last, following.first + 1):
        return False
    return not any(token.word in _LINKS for token in tokens[phrase.last : following.first])


def _is_weak(phrase: Phrase) -> bool:
    meaning = phrase.of("style", "near")
    return meaning is not None and meaning.weak


def _is_refused(tokens: Sequence[Token], phrases: Sequence[Phrase], phrase: Phrase) -> bool:
    """Whether a "no" or "not" stands right before a phrase, "too" or "so" apart."""
    before = phrase.first - 1
    while before >= 0 and tokens[before].word in ("too", "so", "very", "any"):
        before -= 1
    together = not any(token.after_stop for token in tokens[before + 1 : phrase.first + 1])
    return together and any(other.last == before + 1 and other.of("without") for other in phrases)


def _read_instruments(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> dict[str, str]:
    """The instruments of a text in order, each "wanted", "without" or "only", by the words around them.

    "No" and "only" reach over a list: "without drums or bass", "only drums and bass". Of two things said of one
    instrument the first counts.
    """
    found: dict[str, str] = {}
    listed: list[str] = []
    said, since = "wanted", 0
    for index, phrase in enumerate(phrases):
        lack, instrument = phrase.of("lack"), phrase.of("instrument")
        if lack is not None:
            found.setdefault(lack.name, "without")
        elif phrase.of("without"):
            said, since, listed = "without", phrase.last, []
        elif phrase.of("only_after") and listed and not _stops(tokens, phrases[index - 1].last, phrase.last):
            found.update(dict.fromkeys(listed, "only"))
            said, listed = "wanted", []
        elif phrase.of("only"):
            said, since, listed = "only", phrase.last, []
        elif instrument is not None:
            if not _reaches(tokens, phrases, since, phrase, said, bool(listed)):
                said, listed = "wanted", []
            elif said == "wanted" and not _is_list(tokens, since, phrase.first):
                listed = []
            if found.setdefault(instrument.name, said) == said:
                listed.append(instrument.name)
            since = phrase.last
    return found


def _reaches(
    tokens: Sequence[Token], phrases: Sequence[Phrase], since: int, phrase: Phrase, said: str, is_listed: bool
) -> bool:
    """Whether what was said before the token `since` is said of an instrument, the first one or one listed with it."""
    if said == "wanted":
        return True
    if not is_listed:
        return phrase.first - since <= REACH and not _stops(tokens, since, phrase.first + 1)
    if _is_list(tokens, since, phrase.first) and not tokens[phrase.first].after_stop:
        return not _stops(tokens, since, phrase.first + 1) and phrase.first > since
    # After a comma the list goes on only where a last "and" or "or" is still to come: "without drums, bass and keys".
    return phrase.first == since and _goes_on(tokens, phrases, phrase)


def _goes_on(tokens: Sequence[Token], phrases: Sequence[Phrase], phrase: Phrase) -> bool:
    """Whether a list goes on from an instrument to a last "and" or "or"."""
    at = phrase.last
    while at < len(tokens):
        following = next((other for other in phrases if other.of("instrument") and at <= other.first <= at + 1), None)
        if following is None:
            return False
        if following.first == at + 1:
            return tokens[at].word in ("and", "or", "nor") and not tokens[at].after_stop
        at = following.last
    return False


def _is_list(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether the tokens between two instruments only join them."""
    return all(token.word in _JOINING for token in tokens[first:last])


def _stops(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether punctuation stands before one of these tokens."""
    return any(token.after_stop for token in tokens[first:last])


def _read_character(tokens: Sequence[Token], phrases: Sequence[Phrase], moods: Sequence[Phrase]) -> _Character:
    """The first mood that is named, and the sum of what all words add; what is negated adds half its opposite.

    `moods` may lie within other phrases: a slow blues is slow, too.
    """
    mood: MoodName | None = None
    sums = {"energy": 0.0, "complexity": 0.0, "density": 0.0, "darkness": 0.0, "pace": 0.0}
    for phrase in moods:
        meaning = phrase.of("mood")
        if meaning is None or meaning.mood is None:
            continue
        negated = _is_refused(tokens, phrases, phrase) and not any(
            other.of("instrument") and phrase.last <= other.first <= phrase.last + 1 for other in phrases
        )
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


def _last_words(text: str) -> str:
    return " ".join(text[-_SHOWN:].split(" ")[-3:])
