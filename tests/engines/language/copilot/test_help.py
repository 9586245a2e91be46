"""RooAroo's help: short enough to read, and every sentence that it proposes is understood."""

from __future__ import annotations

import re

from musearoo.bridge.cli import COMMANDS
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.copilot.help import HELP, TERMINAL, answer_help, answer_list, answer_not_understood
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.state.situation import Situation
from tests.each_case import each_case
from tests.engines.language.studio import BAND, Studio
from tests.engines.presets_on_disk import STYLES

UNDERSTANDER = read_understander(STYLES)
STUDIO = Studio(BAND)
SITUATION = Situation(BAND, STUDIO.memory.of("one"), STUDIO.memory.preferences, STYLES)
EXAMPLES = re.compile("“([^”]+)”")
TOLD = (
    *HELP.values(),
    answer_not_understood(SITUATION, Command(text="asdf", intent=Intent.NONE)).sentence,
    answer_not_understood(SITUATION, Command(text="drums in 40/7", intent=Intent.NONE)).sentence,
    STUDIO.say(Intent.ANSWER, target="bass").sentence,
    "Say “make it a bit busier”.",
)


@each_case("example", sorted({example for text in TOLD for example in EXAMPLES.findall(text)}))
def test_what_is_proposed_is_understood(example: str) -> None:
    command = UNDERSTANDER.understand(example)
    assert command.intent is not Intent.NONE
    assert command.confidence == 1.0


def test_replies_can_be_read_at_a_glance() -> None:
    styles = answer_list(SITUATION, Command(text="", intent=Intent.LIST, slots=Slots(what="styles")))
    engines = answer_list(SITUATION, Command(text="", intent=Intent.LIST, slots=Slots(what="engines")))
    assert all(len(text) <= 160 for text in (*TOLD, *TERMINAL.values(), styles, engines))


def test_an_unknown_topic_gives_general_help() -> None:
    assert answer_help(Command(text="", intent=Intent.HELP, slots=Slots(what="life"))) == HELP[""]


def test_the_terminal_has_the_commands_that_are_named() -> None:
    named = {match for text in TERMINAL.values() for match in re.findall(r"musearoo (\w+)", text)}
    assert named == set(TERMINAL)
    assert named <= set(COMMANDS)
