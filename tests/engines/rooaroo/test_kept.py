"""Talk as it was kept: what RooAroo answers to every sentence, in an empty set and among a band."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bridge.presets_folder import read_styles
from bridge.voice_table import read_table
from engines.rooaroo.grammar.understanding import Understander
from engines.rooaroo.preferences import NO_PREFERENCES, all_preferred, describe, format_preferences, learn
from engines.rooaroo.replies import Act
from engines.rooaroo.view import AlongView
from tests.engines.rooaroo.sentences import read_sentences
from tests.engines.rooaroo.studio import BAND, EMPTY, Studio
from tests.kept import Outcome, check_kept

TABLES = ("known", "paraphrases", "spoken")


def outcomes() -> Iterator[Outcome]:
    """Two long conversations: after each sentence the set is as it was made, and now and then something fails."""
    understander = Understander(read_table(), read_styles())
    for name, view in (("empty", EMPTY), ("band", BAND)):
        studio = Studio(view)
        preferences = NO_PREFERENCES
        sentences = [case.text for table in TABLES for case in read_sentences(table).cases]
        for number, text in enumerate(sentences[name == "band" :: 2]):
            command = understander.understand(text, tuple(track.name for track in studio.view.tracks))
            if number % 23 == 22:
                studio = Studio(view)
            slots = {field: getattr(command.slots, field) for field in command.slots.__struct_fields__}
            confidence = 0.55 if number % 11 == 10 else command.confidence
            # What the user likes is known from here on, and forgotten with the set.
            studio.memory = replace(studio.memory, preferences=preferences)
            studio.say(command.intent, confidence=confidence, text=text, **slots)
            yield f"{name}, {text}", (command, studio.reply)
            if isinstance(studio.reply, Act):
                preferences = learn(preferences, studio.reply.deed, liked=number % 4 > 0)
                if number % 5 == 0:
                    yield f"{name}, {text}, hint", studio.hint()
                if number % 17 == 0:
                    studio.fail()
        yield f"{name}, taste", (format_preferences(preferences), tuple(map(describe, all_preferred(preferences))))
        yield f"{name}, memory", studio.memory
    yield "alone", AlongView()


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
