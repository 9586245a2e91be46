"""Whatever comes in, nothing is thrown, nothing illegal is sent, and the status line says something sane."""

import json
import random
import re
from typing import Any

import pytest

from musearoo.bridge.protocol import MESSAGE_BY_PATH
from musearoo.bridge.protocol.types import Kind, Route
from musearoo.max_for_live.table.controls import CONTROLS
from musearoo.max_for_live.table.looks import LOOKS
from musearoo.tools.max_simulator.drawing.canvas import drawn_width
from musearoo.tools.max_simulator.drawing.texts import BUTTON_INSET, INSET
from tests.max_for_live.script.conftest import Load, welcome
from tests.max_for_live.script.stage import Stage, orders

MESSAGES = 20_000
BATCH = 500

WORDS = ["bang", "text", "", "0", "roo", "ä🎹", "x" * 700, "toString", "__proto__", "NaN", "a b", "\ud83c"]
NUMBERS = [0, 1, -1, 2, 5, 127, 0.5, 1e9, -1e9, 2**31 - 1, -(2**31), 1e-9, 99.9]
NAMES = ["nonsense", "loaded", "constructor", "hasOwnProperty", "written", "counter", "sample_rate", "anything", "list"]


TEMPLATES = {
    "working": 1,
    "waiting": 1,
    "givenUp": 1,
    "cancelled": 1,
    "cancelling": 1,
    "ended": 1,
    "heard": 1,
    "tooMany": 1,
    "frozen": 1,
    "autoSplitOn": 1,
    "listening": 1,
    "understanding": 1,
    "testedAlone": 2,
}
"""Sentences of the device with something filled in, and how much."""

SHOWN = 120
"""Letters of a sentence that the two lines of the status show."""

SOMETHING = "something"
DURATION = r"\d+(\.\d)? m?s"


def known_sentences(stage: Stage) -> re.Pattern[str]:
    """What the status line may say: the device's own sentences, and the daemon's as they came."""
    texts = "Object.keys(Texts).map(function (key) { return Texts[key]; })"
    plain = stage.evaluate(f"{texts}.filter(function (text) {{ return typeof text === 'string'; }})")
    filled = [stage.evaluate(f"Texts.{name}({', '.join([repr(SOMETHING)] * n)})") for name, n in TEMPLATES.items()]
    labels = "|".join(re.escape(label) for label in stage.evaluate("DEVICE.labels").values())
    said = rf"Said \d\.|-?[\d.e+-]+|{'|'.join(re.escape(word) for word in WORDS if word)}"
    done = rf"({labels}): (({said}), )?{DURATION}(\. ({said}))?|({said})\. ({said})"
    answered = rf"(“({said})”: )?(({said})( ({said}))* – )?({said})(, {DURATION})?( Answer with Talk\.)?(\. ({said}))?"
    own = [re.escape(text).replace(SOMETHING, ".*") for text in (*plain, *filled)]
    return re.compile("|".join((*own, said, done, answered)), re.DOTALL)


def test_every_sentence_fits_the_status_line(load: Load) -> None:
    texts = "Object.keys(Texts).map(function (key) { return Texts[key]; })"
    stage = load()
    plain = stage.evaluate(f"{texts}.filter(function (text) {{ return typeof text === 'string'; }})")
    filled = [stage.evaluate(f"Texts.{name}({', '.join(['99'] * n)})") for name, n in TEMPLATES.items()]
    longest = max(stage.evaluate("DEVICE.labels").values(), key=len)
    named = [stage.evaluate(f"Texts.{name}({longest!r})") for name in ("working", "waiting", "givenUp")]
    assert max(map(len, (*plain, *filled, *named))) <= SHOWN


def test_what_the_script_writes_onto_talk_fits_there(load: Load) -> None:
    talk = next(control for control in CONTROLS if control.name == "talk_face")
    look = next(look for look in LOOKS if look.name == talk.role)
    (size,) = [value for name, value in look.attributes if name == "fontsize"]
    assert isinstance(size, float)
    stage = load()
    assert stage.evaluate("Texts.talkButton") == talk.label == talk.label_on
    for name in ("talkButton", "answerButton"):
        width = drawn_width(stage.evaluate(f"Texts.{name}"), size)
        assert width <= talk.rect.width - 2 * (INSET + BUTTON_INSET), name


def atom(draw: random.Random) -> Any:
    return draw.choice(WORDS) if draw.random() < 0.3 else draw.choice(NUMBERS)


def from_daemon(draw: random.Random) -> list[Any]:
    """A message at one of the daemon's addresses, often as the table has it."""
    address = draw.choice(sorted(MESSAGE_BY_PATH[Route.DAEMON_TO_DEVICE]))
    atoms: list[Any] = []
    for _, spec in MESSAGE_BY_PATH[Route.DAEMON_TO_DEVICE][address].specs:
        if draw.random() < 0.05:
            atoms.append(atom(draw))
        elif spec.choices:
            atoms.append(draw.choice(spec.choices))
        elif spec.kind is Kind.TEXT:
            atoms.append(f"Said {draw.randrange(9)}.")
        else:
            number = draw.uniform(spec.low, min(spec.high, spec.low + 20))
            atoms.append(round(number) if spec.kind is Kind.WHOLE else number)
    return [address, *(atoms[:-1] if draw.random() < 0.05 else atoms)]


def from_patch(draw: random.Random, names: list[str]) -> list[Any]:
    return [draw.choice(names), *(atom(draw) for _ in range(draw.choice((0, 1, 1, 1, 2, 5))))]


@pytest.mark.parametrize("twin", ["audio", "midi"])
def test_any_messages_in_any_order(load: Load, twin: str) -> None:
    draw = random.Random(f"sanity {twin}")
    stage = load(twin=twin)
    known = known_sentences(stage)
    names = [*stage.evaluate("Object.keys(DEVICE.labels).concat(Object.keys(DEVICE.initial))"), "prompt", *NAMES]
    for _ in range(MESSAGES // 2 // BATCH):
        calls = []
        for _ in range(BATCH):
            name, *atoms = from_daemon(draw) if draw.random() < 0.5 else from_patch(draw, names)
            calls.append(f"receive({json.dumps(name)}, {json.dumps(atoms)});")
            if draw.random() < 0.1:
                calls.append(f"pass({draw.choice((1, 30, 100, 700))});")
        # Nobody but the daemon can bring a device online.
        stage.hear(welcome())
        sent = stage.run("".join(calls))
        orders(sent)
        assert stage.complaints == []
        for said in [str(each.atoms[2]) for each in sent if each.atoms[0] == "status"]:
            assert known.fullmatch(said), said
    assert stage.complaints == []
