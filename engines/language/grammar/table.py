"""The table of commands: intents, phrases and their words, parsed strictly: unknown fields are errors.

The only table is `presets/voice.yaml`; its head explains how to extend it. The parser, the recogniser's grammar, the
help page and the drawn sentences are all generated from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.language.grammar.kinds import KINDS
from musearoo.engines.language.grammar.patterns import GAP, Pattern, parse_pattern, references_of, words_in
from musearoo.engines.language.requests.commands import Intent, Slots
from musearoo.engines.styles.preset import Preset

SLOTS: Final = frozenset(Slots.__struct_fields__)
DROPPED: Final = "_"
"""The slot of a reference whose phrase is matched but fills nothing ("too <_:quality>")."""


class PatternGroup(Preset, frozen=True, kw_only=True):
    """Patterns with the same meaning, and the slots they set."""

    words: tuple[str, ...]
    sets: dict[str, Any] = msgspec.field(default_factory=dict)
    needs: tuple[str, ...] | None = None
    """For an intent: at least one of these slots must be filled; None: as the intent requires."""


class Phrase(Preset, frozen=True, kw_only=True):
    """Words for something within a sentence, such as a part or a number of bars.

    `say` is for speech and text, `also` only for text. In a mapping from value to words, the value goes into `slot`,
    or for "" to the referring pattern. `costs` penalises readings with this phrase.
    """

    slot: str = ""
    say: tuple[str | PatternGroup, ...] | dict[str, tuple[str, ...]] = ()
    also: tuple[str | PatternGroup, ...] | dict[str, tuple[str, ...]] = ()
    costs: float = 0.0

    def alternatives(self, spoken: bool) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
        """Yield each pattern with the slots it sets: the spoken ones, or those for text only."""
        given = self.say if spoken else self.also
        if isinstance(given, Mapping):
            for value, patterns in given.items():
                for pattern in patterns:
                    yield pattern, ((self.slot, value),)
            return
        for alternative in given:
            if isinstance(alternative, str):
                yield alternative, ()
            else:
                for pattern in alternative.words:
                    yield pattern, tuple(alternative.sets.items())


class IntentWords(Preset, frozen=True, kw_only=True):
    """How an intent is expressed. In text, phrases in angle brackets may occur anywhere in the sentence; the
    recogniser's grammar has them in place.

    `phrases` may occur in text, `tails` may be spoken after it; at least one of the slots in `needs` must be filled;
    `ignores` are words without further meaning for it.
    """

    topic: str
    about: str
    say: tuple[str | PatternGroup, ...]
    also: tuple[str | PatternGroup, ...] = ()
    phrases: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    costs: float = 0.0
    weight: float = 1.0
    """Its probability in the recogniser's grammar, relative to other intents."""
    examples: tuple[str, ...] = ()

    def alternatives(self, spoken: bool) -> Iterator[tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...]]]:
        """Yield each pattern with the slots it sets, and those of which it needs one."""
        for alternative in self.say if spoken else self.also:
            if isinstance(alternative, str):
                yield alternative, (), self.needs
            else:
                for pattern in alternative.words:
                    yield (
                        pattern,
                        tuple(alternative.sets.items()),
                        self.needs if alternative.needs is None else alternative.needs,
                    )


class VoiceTable(Preset, frozen=True, kw_only=True):
    """Everything that can be said. `before` and `after` are spoken around any request, `fillers` have no meaning in
    text, and `turns` (not, never) negate a sentence, so that it is not understood.

    `styles` are further words for styles, `unspoken` names and aliases that the recogniser's grammar leaves out,
    `numbers` the numbers in that grammar, and `pronunciations` (ARPAbet) additions to its dictionary.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    fillers: tuple[str, ...]
    turns: tuple[str, ...]
    phrases: dict[str, Phrase]
    intents: dict[Intent, IntentWords]
    styles: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    styles_read: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    unspoken: tuple[str, ...] = ()
    numbers: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    prompt_words: tuple[str, ...] = ()
    pronunciations: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


def read_voice_table(text: str, source: str = "voice.yaml") -> VoiceTable:
    """Parse the table from YAML; raises PresetError with the file, the field and what was expected."""
    table = convert_data(parse_yaml(text, source), VoiceTable, source)
    _check(table, source)
    return table


def _check(table: VoiceTable, source: str) -> None:
    known = frozenset(table.phrases) | frozenset(KINDS)
    for word in sorted(frozenset(table.phrases) & frozenset(KINDS)):
        raise PresetError(source, f"phrases.{word}", "expected a name of its own: this one is a kind that is built in")
    for name, phrase in table.phrases.items():
        field = f"phrases.{name}"
        if phrase.slot and phrase.slot not in SLOTS:
            raise PresetError(
                source, f"{field}.slot", f"expected one of {', '.join(sorted(SLOTS))}, got {phrase.slot!r}"
            )
        for spoken in (True, False):
            for pattern, sets in phrase.alternatives(spoken):
                _check_pattern(pattern, dict(sets), known, source, f"{field}.{'say' if spoken else 'also'}")
        _check_circle(name, (), table, source)
    for intent, words in table.intents.items():
        field = f"intents.{intent}"
        for spoken in (True, False):
            for pattern, sets, needs in words.alternatives(spoken):
                where = f"{field}.{'say' if spoken else 'also'}"
                _check_pattern(pattern, dict(sets), known, source, where)
                _check_names(needs, SLOTS, source, f"{field}.needs")
        for each, names in (("phrases", words.phrases), ("tails", words.tails)):
            _check_names(names, frozenset(table.phrases), source, f"{field}.{each}")
    for intent in Intent:
        if intent not in table.intents and intent is not Intent.NONE:
            raise PresetError(source, "intents", f"expected how to say {intent.value!r}")
    for each in ("before", "after", "fillers", "turns"):
        for pattern in getattr(table, each):
            _check_pattern(pattern, {}, frozenset(), source, each)


def _check_names(names: tuple[str, ...], known: frozenset[str], source: str, field: str) -> None:
    for name in names:
        if name not in known:
            raise PresetError(source, field, f"expected one of {', '.join(sorted(known))}, got {name!r}")


def _check_pattern(text: str, sets: dict[str, Any], known: frozenset[str], source: str, field: str) -> None:
    try:
        pattern: Pattern = parse_pattern(text)
    except ParamError as error:
        raise PresetError(source, field, str(error)) from error
    if GAP.text in words_in(pattern) and not (field.startswith("intents.") and field.endswith(".also")):
        raise PresetError(source, field, f"{text!r} has a {GAP.text}, which is only for what an intent `also` reads")
    for reference in references_of(pattern):
        if reference.name not in known:
            raise PresetError(source, field, f"{text!r} refers to <{reference.name}>, which there is not")
        if reference.slot and reference.slot not in SLOTS | {DROPPED}:
            raise PresetError(source, field, f"{text!r} fills {reference.slot!r}, which is no slot")
    for slot, value in sets.items():
        if slot and slot not in SLOTS:
            raise PresetError(source, field, f"{text!r} fills {slot!r}, which is no slot")
        if slot and slot not in ("parts", "targets", "changes"):
            try:
                msgspec.convert({slot: value}, Slots)
            except msgspec.ValidationError as error:
                raise PresetError(source, field, f"{text!r} fills {slot} with {value!r}: {error}") from error


def _check_circle(name: str, above: tuple[str, ...], table: VoiceTable, source: str) -> None:
    if name in above:
        raise PresetError(source, f"phrases.{name}", f"refers to itself by way of {' and '.join(above)}")
    phrase = table.phrases[name]
    for spoken in (True, False):
        for pattern, _ in phrase.alternatives(spoken):
            for reference in references_of(parse_pattern(pattern)):
                if reference.name in table.phrases:
                    _check_circle(reference.name, (*above, name), table, source)
