"""Tables of sentences with their commands; the head of each table says what it is for."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml

from musearoo.bridge.settings.voice_table import PARAPHRASES, SENTENCES
from musearoo.engines.language.requests.commands import Intent, Slots

FOLDER = Path(__file__).parent
SHIPPED = {"known": SENTENCES, "paraphrases": PARAPHRASES}


class Case(msgspec.Struct, frozen=True):
    """A sentence and its command."""

    text: str
    intent: Intent
    slots: Slots

    def __str__(self) -> str:
        return self.text


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of one file, and the names of the tracks in their set."""

    sentences: tuple[tuple[str, Intent, Slots], ...]
    names: tuple[str, ...] = ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return its sentences in file order."""
        return tuple(Case(*row) for row in self.sentences)


@cache
def read_sentences(name: str) -> Table:
    """Read the table of `sentences/<name>.yaml`; raises msgspec.ValidationError for lines that violate the schema.

    "known" and "paraphrases" are the sentences that train the recognisers' language model.
    """
    shipped = SHIPPED.get(name)
    path = resources.files("musearoo.presets").joinpath(shipped) if shipped else FOLDER / f"{name}.yaml"
    text = path.read_text("utf-8")
    raw: Any = yaml.safe_load(text)
    return msgspec.convert(raw, Table)
