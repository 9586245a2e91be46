"""Parsed sentences compared with snapshots: intents, slots and confidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.requests.commands import Command
from musearoo.engines.language.requests.slots import filled_slots
from tests.engines.language.grammar.small_table import what_is_said
from tests.engines.language.grammar.some_words import rows_read, some_sentences
from tests.engines.presets_on_disk import STYLES
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from rows_read(count=30, rows=12)
    yield from what_is_said()
    understander = read_understander(STYLES)
    for number, (kind, sentences) in enumerate(some_sentences(14)):
        yield f"{kind} {number}", [meaning(understander.understand(text, names)) for text, names in sentences]


def meaning(command: Command) -> tuple[Any, ...]:
    """Return the meaning of a sentence."""
    return command.intent.name, filled_slots(command.slots), round(command.confidence, 2)


def test_sentences_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
