"""The table of commands: intents, phrases and their words, parsed strictly: unknown fields are errors.

`presets/voice.yaml` is the one there is; its head says how to add to it. The parser, the recogniser's grammar, the help
page and the drawn sentences all come from it.
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
"""As the slot of a reference: its phrase is understood, but fills nothing ("too <_:quality>")."""


class PatternGroup(Preset, frozen=True, kw_only=True):
    """Patterns with the same meaning, and the slots that each of them fills."""

    words: tuple[str, ...]
    sets: dict[str, Any] = msgspec.field(default_factory=dict)
    needs: tuple[str, ...] | None = None
    """Of an intent: slots of which one must be filled, where it is not what the intent itself needs."""


class Phrase(Preset, frozen=True, kw_only=True):
    """Words for something that stands within a sentence, such as a part or a number of bars.

    `say` is spoken and read, `also` only read. Where they are by value, that value goes into `slot`, or, where that is
    "", to whoever refers to the phrase. `costs` makes a reading dearer than one that does without it.
    """

    slot: str = ""
    say: tuple[str | PatternGroup, ...] | dict[str, tuple[str, ...]] = ()
    also: tuple[str | PatternGroup, ...] | dict[str, tuple[str, ...]] = ()
    costs: float = 0.0

    def alternatives(self, spoken: bool) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
        """Each pattern with the slots that it fills by itself: the spoken ones, or else those that are only read."""
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
    """How an intent is said. What it names in angle brackets may stand anywhere in a sentence that is read; a grammar
    writes it where it stands.

    `phrases` may stand in such a sentence, `tails` are those that are spoken behind it, `needs` slots of which one must
    be filled, and `ignores` words that say nothing more of it.
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
    """How often a grammar expects it, beside the others."""
    examples: tuple[str, ...] = ()

    def alternatives(self, spoken: bool) -> Iterator[tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...]]]:
        """Each pattern with the slots that it fills by itself and those of which it needs one."""
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
    """All that can be said. `before` and `after` are spoken around any order, `fillers` mean nothing when they are
    read, and what `turns` a sentence round (not, never) makes it one that is not understood.

    `styles` are more words for styles, by their names, `unspoken` those of their names and aliases that a recogniser
    does not listen for, `numbers` which numbers it does, and `pronunciations` (ARPAbet) what its dictionary lacks.
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
    """The table of a YAML text; what is wrong raises PresetError with the file, the field and what was expected."""
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
