"""The benchmark's sentences and their commands: fixed tables, or sentences of the grammar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, TypeVar

import msgspec

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import PARAPHRASES, SENTENCES, read_usage
from musearoo.bridge.settings.voice_table import read_table as read_voice_table
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.language.grammar.speakable import speakable
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.music.scale import Key
from musearoo.tools import ROOT

FOLDER: Final = ROOT / "tests" / "engines" / "language" / "sentences"
SPOKEN: Final = "spoken"
"""The evaluation table: it was not looked at while the grammar was written or the rest was tuned."""
OUTSIDE: Final = "outside"
KNOWN: Final = "known"
PARAPHRASED: Final = "paraphrases"
WRITTEN: Final = (KNOWN, PARAPHRASED)
USUAL: Final = {KNOWN: SENTENCES, PARAPHRASED: PARAPHRASES}
"""The tables, by their files among the presets, of sentences that recognisers expect more than others."""

FIRST_SEED: Final = 500_000
"""The first seed of sentences drawn from the grammar, different from those of tests and fits, which begin at 0."""

T = TypeVar("T")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence and its command."""

    text: str
    intent: Intent
    slots: Slots = Slots()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of a file, each with intent and slots, and the track names of the set they refer to."""

    sentences: tuple[tuple[str, Intent, Slots], ...]
    names: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Sentence, ...]:
        """Return its sentences in file order."""
        return tuple(Sentence(*row) for row in self.sentences)


def read_table(name: str) -> Table:
    """Return a table from the tests' folder. Raises EngineError when there is none, PresetError when it is invalid."""
    path = ROOT / "presets" / USUAL[name] if name in USUAL else FOLDER / f"{name}.yaml"
    if not path.exists():
        raise EngineError(f"the sentences of the bench are in {path}: run it in a checkout of MuseAroo.")
    return convert_data(parse_yaml(path.read_text(encoding="utf-8"), path.name), Table, path.name)


def draw_sentences(count: int) -> tuple[Sentence, ...]:
    """Return `count` unique, non-empty sentences of the grammar itself. Deterministic."""
    table, styles = read_voice_table(), read_styles()
    drawn: dict[str, Sentence] = {}
    seed = FIRST_SEED
    while len(drawn) < count:
        text, command = speakable(table, styles, seed)
        drawn.setdefault(text, Sentence(text, command.intent, command.slots))
        seed += 1
    return tuple(drawn.values())


def take_evenly(things: Sequence[T], count: int) -> tuple[T, ...]:
    """Return `count` items, evenly spread from the first on; all, if there are no more.

    >>> take_evenly("abcdefgh", 4), take_evenly("abc", 4)
    (('a', 'c', 'e', 'g'), ('a', 'b', 'c'))
    """
    number = len(things)
    return tuple(things) if count >= number else tuple(things[place * number // count] for place in range(count))


def is_usual(sentence: Sentence) -> bool:
    """Return whether it is, word by word, among the sentences that the recogniser expects."""
    return _letters(sentence.text) in _usual_sentences()


@cache
def _usual_sentences() -> frozenset[str]:
    return frozenset(map(_letters, read_usage()))


def _letters(text: str) -> str:
    """Return the letters, digits and single spaces of a sentence: its audible content."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())


def is_exact(command: Command, wanted: Sentence) -> bool:
    """Return whether intent and slots are as intended; enharmonic keys are equal.

    >>> wanted = Sentence("we are in D flat minor", Intent.KEY, Slots(key="Db minor"))
    >>> is_exact(Command(text="", intent=Intent.KEY, slots=Slots(key="C# minor")), wanted)
    True
    """
    return command.intent is wanted.intent and _with_plain_key(command.slots) == _with_plain_key(wanted.slots)


def _with_plain_key(slots: Slots) -> tuple[Slots, object]:
    """Return the slots without their key, and the key in an enharmonic normal form."""
    if not slots.key:
        return slots, None
    try:
        key: object = Key.parse(slots.key)
    except ParamError:
        key = slots.key
    return msgspec.structs.replace(slots, key=""), key
