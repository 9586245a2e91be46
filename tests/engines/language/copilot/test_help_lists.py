"""Lists, counts and names in RooAroo's help."""

from __future__ import annotations

import re

from musearoo.engines.language.copilot.help import (
    HELP,
    MOST_LISTED,
    TERMINAL,
    answer_help,
    answer_list,
    answer_not_understood,
    answer_preferences,
    answer_terminal,
)
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.state.memory import SetMemory
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, learn
from musearoo.engines.language.state.situation import Situation
from musearoo.engines.players.band.catalogue import ENGINES
from tests.engines.language.studio import BAND, Studio
from tests.engines.presets_on_disk import STYLES


def asked(what: str = "", text: str = "") -> Command:
    """Return a request for help."""
    return Command(text=text, intent=Intent.LIST, slots=Slots(what=what))


def situation(count: int = len(STYLES), known: SetMemory | None = None) -> Situation:
    """Return a situation with `count` styles."""
    styles = {name: STYLES[name] for name in sorted(STYLES)[:count]}
    return Situation(BAND, known or SetMemory(), NO_PREFERENCES, styles)


def test_twelve_styles_are_listed_and_the_rest_is_counted() -> None:
    names = sorted(STYLES)
    for count, numbers in ((1, ["1"]), (MOST_LISTED, ["12"]), (MOST_LISTED + 1, ["13", "1"]), (20, ["20", "8"])):
        reply = answer_list(situation(count), asked("styles"))
        assert re.findall(r"\d+", reply) == numbers
        assert f"{', '.join(names[: min(count, MOST_LISTED)])}" in reply
        assert names[MOST_LISTED] not in reply
    engines = answer_list(situation(), asked("engines"))
    assert all(engine.title in engines and engine.part in engines for engine in ENGINES)
    assert answer_list(situation(), asked("anything")) == answer_list(situation(), asked("styles"))


def test_help_is_found_by_topic_however_it_is_written() -> None:
    for topic, reply in HELP.items():
        assert answer_help(asked(topic.upper())) == reply
    assert {answer_terminal(asked(what)) for what in TERMINAL} == set(TERMINAL.values())
    assert answer_terminal(asked("other")) not in TERMINAL.values()


def test_preferences_are_reported_part_by_part() -> None:
    nothing = answer_preferences(NO_PREFERENCES)
    assert nothing == answer_preferences(Preferences({}))
    known = NO_PREFERENCES
    for part in ("drums", "band"):
        known = learn(known, SetAction(intent=Intent.PLAY, parts=(part,)), liked=True)
    reply = answer_preferences(known)
    assert reply.index("Drums") < reply.index("Band")
    assert reply != nothing


def test_a_meter_belongs_to_the_set_and_else_an_example_is_given() -> None:
    for text, meter in (
        ("drums in 7/8", "7/8"),
        ("12/16 please", "12/16"),
        ("7/8ths", None),
        ("1234/8", None),
        ("", None),
    ):
        reply = answer_not_understood(situation(), asked(text=text))
        assert reply.is_lost
        assert meter in reply.sentence if meter else not re.search(r"\d/\d", reply.sentence), text
    studio = Studio(BAND)
    studio.do(SetAction(intent=Intent.PLAY, parts=("bass",), scene=1))
    made = studio.memory.of("one")
    assert answer_not_understood(situation(known=made), asked()) != answer_not_understood(situation(), asked())
