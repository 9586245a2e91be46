"""The notation of forms and entries, and the form sections of the presets."""

from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from musearoo.engines.errors import PresetError
from musearoo.engines.styles.form import FormStyle, parse_entry
from musearoo.engines.styles.form_plan import PlannedSection, parse_plan
from musearoo.engines.styles.reading import parse_style
from musearoo.tools.live_simulator.program.browser.content import Content
from tests.each_case import each_case
from tests.engines.presets_on_disk import DATA, FOLDER, STYLES, rock_data

SUITE = Content("Suite", (12, 3, 6))


def test_a_plan_has_fixed_spare_and_repeated_sections() -> None:
    plan = parse_plan("intro 4??, head 32!, [solo 32!]2?, outro 8?")
    assert plan.before == (PlannedSection("intro", 4, spare=2), PlannedSection("head", 32, fixed=True))
    assert (plan.rounds, plan.least) == (2, 0)
    assert [section.kind for section in plan.unrolled(2)] == ["intro", "head", "solo", "solo", "outro"]


def test_a_plan_without_brackets_repeats_as_a_whole() -> None:
    assert [section.kind for section in parse_plan("head 8, bridge 8").unrolled(2)] == ["head", "bridge"] * 2


@each_case(
    "text, problem",
    [
        ("", "never left out"),
        ("intro 4?", "never left out"),
        ("[verse 8]2?", "never left out"),
        ("verse", "expected sections such as"),
        ("polka 8", "expected one of intro"),
        ("loop 8", "expected one of intro"),
        ("verse 65", "1 to 64 bars"),
        ("[verse 8", "expected ]"),
        ("[verse 8]0", "1 to 16 rounds"),
        ("[verse 8]17", "1 to 16 rounds"),
        ("[]2", "between the brackets"),
        ("[verse 8]2, [chorus 8]2", "one pair"),
        ("verse 8; chorus 8", "expected sections such as"),
    ],
)
def test_an_invalid_plan_raises(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_plan(text)


@each_case("text", ["tuba", "bass 1-2", "bass 3/4-1/2", "bass 1/0-", "bass 1/2-3/2", "maybe -1/2"])
def test_an_invalid_entry_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a part|enters before"):
        parse_entry(text)


@each_case(
    "form, field, problem",
    [
        ({"keys": ["H"]}, "form.keys[0]", "tonic"),
        ({"forms": [{"name": "a", "plan": "verse"}]}, "form.forms[0].plan", "expected sections"),
        ({"forms": [{"name": "a", "plan": "verse 8"}] * 2}, "form.forms[1].name", "name of its own"),
        ({"sections": {"verse": {"energy": 0.5, "plays": ["tuba"]}}}, "form.sections[verse].plays[0]", "'tuba'"),
        ({"sections": {"verse": {"energy": 2, "plays": []}}}, "form.sections[...].energy", "<= 1"),
        ({"sections": {"verse": {"energy": 0.5, "plays": ["maybe bass"]}}}, "form.sections[verse].plays", "every song"),
        (
            {"sections": {"verse": {"energy": 0.5, "plays": ["bass"], "last": []}}},
            "form.sections[verse].last",
            "every song",
        ),
        ({"instruments": {"bass": [{"name": "b", "program": 128}]}}, "form.instruments[...][0].program", "<= 127"),
        (
            {"instruments": {"bass": [{"name": "b", "program": 1, "energy": [1, 0]}]}},
            "form.instruments[bass][0].energy",
            "low <= high",
        ),
    ],
)
def test_an_invalid_form_raises_with_its_field(form: object, field: str, problem: str) -> None:
    data = deepcopy(rock_data())
    data["form"] = form
    with pytest.raises(PresetError) as error:
        parse_style(data, "mine.yaml")
    assert error.value.field == field
    assert problem in str(error.value)


@each_case("folder", DATA)
def test_plain_yaml_reads_the_forms_as_the_fast_reader_does(folder: str) -> None:
    # The C reader takes some things that the one in Python does not, such as question marks in lists.
    text = FOLDER.joinpath(folder, "form.yaml").read_text(encoding="utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == DATA[folder]["form"]


@each_case("style", STYLES)
def test_every_style_has_forms_of_its_own_for_instruments_that_live_has(style: str) -> None:
    form = STYLES[style].form
    assert form != FormStyle()
    assert len(form.forms) >= 2
    for voices in form.instruments.values():
        assert {name for voice in voices for name in voice.live} <= SUITE.devices | SUITE.presets
    for section in form.sections.values():
        assert section.over is None or any(
            section.over == planned.kind for each in form.forms for planned in each.sections.unrolled(1)
        )
