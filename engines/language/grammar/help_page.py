"""Generate the help page of the commands from the table and the styles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from musearoo.engines.language.grammar.harmony_words import SPOKEN_SCALES
from musearoo.engines.language.grammar.numbers import speak_number
from musearoo.engines.language.grammar.patterns import (
    Choice,
    Maybe,
    Pattern,
    Reference,
    Sequence,
    Several,
    Word,
    parse_pattern,
)
from musearoo.engines.language.grammar.table import Phrase, VoiceTable
from musearoo.engines.styles.schema import Style

_WORD_LISTS: Final = (
    ("part", "Parts"),
    ("comparative", "Changes"),
    ("quality", "Adjectives of a new part"),
    ("degree", "How much"),
    ("manner", "Ways of a bass to play"),
    ("scene_name", "Scenes"),
    ("where", "Where a song goes"),
)
"""Phrases whose words the page lists by meaning, with their headings."""
_CAPITAL: Final = {"i": "I", "i'd": "I'd"}
_MOST_WORDS: Final = 8
"""Maximum words listed for one meaning."""
_SHOWN: Final = {
    "new_part": "a funk bass",
    "part": "bass",
    "style_name": "funk",
    "thing": "it",
    "what_there": "the bass",
    "the_part": "the bass",
    "on_the_part": "on the bass",
    "named": "the vocals",
    "several": "the bass and the drums",
    "the_clip": "the clip",
    "new_parts": "a funk bass",
    "plain_parts": "a funk bass",
    "several_parts": "bass lines",
    "more_changes": "a bit busier",
    "difference": "a bit busier",
    "styled": "in a funk style",
    "on_track": "on track three",
    "in_scene": "in the next scene",
    "length": "three minutes",
    "seconds": "ninety seconds",
    "adjective": "dark",
    "stems": "into six stems",
    "progression": "C major A minor F major",
    "comparative": "busier",
    "name": "vocals",
    "prompt": "warm dub chords",
    "compared": "a bit busier than the drums",
    "place": "three",
    "bars_number": "eight",
    "takes_number": "four",
    "tempo": "one twenty",
    "like": "like the last one",
    "changes": "a bit busier",
    "bars": "eight bars",
    "bars_before": "eight bars of",
    "takes": "four takes",
    "key": "in D minor",
    "bare_key": "D minor",
    "short_key": "in D",
    "numerals": "a two five one",
    "degree": "a bit",
    "bar_range": "bars one to four",
    "touch": "harder",
    "manner": "walking",
    "delete_what": "this scene",
    "deep": "in depth",
    "chords": "over C major and A minor",
    "bpm": "at one twenty",
    "by_comparison": "a bit busier than the drums",
    "where": "on the timeline",
}
"""Example text that the page shows for a referenced phrase."""


def write_help(table: VoiceTable, styles: Mapping[str, Style]) -> str:
    """Return the page in Markdown: requests by topic, then the words for each thing, then the styles."""
    lines = [
        "# What can be said to RooAroo",
        "",
        'Hold Talk, say it, let go; or write it: `musearoo say "give me a funk bass line"`. In the sentences below,',
        "other parts, styles, keys and numbers can stand for those in *italics*; *please*, *can you* and the like may",
        "stand around any of them.",
        "",
    ]
    topics = dict.fromkeys(words.topic for words in table.intents.values())
    for topic in topics:
        lines += [f"## {topic}", ""]
        for intent, words in table.intents.items():
            if words.topic == topic:
                examples = [_quoted(example) for example in words.examples]
                alternatives = [_form(parse_pattern(pattern)) for pattern, _, _ in words.alternatives(spoken=True)]
                lines += [f"**{intent.capitalize()}.** {words.about}", ""]
                lines += [f"- {', '.join(examples)}"] if examples else []
                lines += [f"- {form}" for form in dict.fromkeys(alternatives)]
                tails = [f"*{_SHOWN.get(tail, tail.replace('_', ' '))}*" for tail in words.tails]
                lines += [f"- and behind it: {', '.join(tails)}"] if tails else []
                lines += [""]
    for name, heading in _WORD_LISTS:
        lines += [f"## {heading}", "", "| meant | said |", "|---|---|"]
        lines += [f"| {value} | {', '.join(forms)} |" for value, forms in _words_by_meaning(table.phrases[name])]
        lines += [""]
    bars = ", ".join(speak_number(number) for number in table.numbers.get("bars_number", ()))
    lines += ["## Numbers and keys", "", f"Spoken bars: {bars}; written, any up to 64. Spoken tempos are round ones."]
    lines += [f"Keys are a letter with flat or sharp and {', '.join(SPOKEN_SCALES[:-1])} or {SPOKEN_SCALES[-1]};"]
    lines += ["written, any of Live's scales. A letter alone is major.", ""]
    lines += ["## Styles", "", "| style | said |", "|---|---|"]
    for style in styles.values():
        forms = (style.name, *style.aliases, *table.styles.get(style.name, ()))
        lines.append(f"| {style.name} | {', '.join(dict.fromkeys(forms))} |")
    return "\n".join(lines) + "\n"


def _words_by_meaning(phrase: Phrase) -> Iterator[tuple[str, list[str]]]:
    """Yield the values of a phrase with the words for each, spoken ones first."""
    found: dict[str, list[str]] = {}
    for spoken in (True, False):
        for pattern, sets in phrase.alternatives(spoken):
            for _, value in sets:
                listed = found.setdefault(str(value), [])
                if len(listed) < _MOST_WORDS and not set("([<|") & set(pattern):
                    listed.append(pattern)
    yield from found.items()


def _quoted(example: str) -> str:
    return f'"{example}"'


def _form(pattern: Pattern) -> str:
    """Format a pattern for readers: the first option of a choice, optional parts omitted, references in italics."""
    return " ".join(_words(pattern)).strip()


def _words(pattern: Pattern) -> list[str]:
    match pattern:
        case Word(text):
            return [_CAPITAL.get(text, text)]
        case Reference(name):
            return [f"*{_SHOWN.get(name, name.replace('_', ' '))}*"]
        case Choice(options):
            if all(isinstance(option, Word | Sequence) for option in options):
                return [" / ".join(" ".join(_words(option)) for option in options)]
            return _words(options[0])
        case Maybe() | Several():
            return []
        case Sequence(items):
            return [word for item in items for word in _words(item)]
