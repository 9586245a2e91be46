"""YAML and JSON that anybody may have written: data, or one sentence that names the file and the place."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import cast

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from musearoo.engines.errors import SHOWN, ParamError, PresetError
from musearoo.engines.foundation import parsing
from musearoo.engines.foundation.parsing import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    convert_data,
    parse_json,
    parse_yaml,
)
from musearoo.engines.players.learning.writing import write_style
from musearoo.engines.styles.kit_maps import parse_kit
from musearoo.engines.styles.reading import parse_style
from tests.bridge.work_limit import limited_work
from tests.each_case import each_case
from tests.engines.presets_on_disk import DATA

BOMB = "\n".join(["a: &a [x, x]", *(f"{new}: &{new} [*{old}, *{old}]" for old, new in pairwise("abcdefghi"))])

BAD_YAML = {
    "nested aliases": (BOMB, r"an alias \(\*\) stands for .* \(line 1, column 4\)"),
    "an alias of a scalar": ("a: &x b\nc: *x", "an alias"),
    "an alias of itself": ("&a [*a]", "an alias"),
    "an alias of nothing": ("a: *b", r"found undefined alias \(line 1, column 4\)"),
    "merged keys": ("a: &x {b: 1}\nc: {<<: *x}", "merge cannot be used here"),
    "a million lists": ("[" * 1_000_000, f"nested more than {MAX_DEPTH} deep"),
    "mappings within each other": ("{a: " * 5_000, f"nested more than {MAX_DEPTH} deep"),
    "lists by dashes": ("- " * 5_000, f"nested more than {MAX_DEPTH} deep"),
    "many values": ("[" + "1," * MAX_NODES + "]", f"more than {MAX_NODES:,} values"),
    "a long text": ("a: " + "b" * MAX_CHARACTERS, f"may have {MAX_CHARACTERS:,}"),
    "an endless number": ("a: 1" + ":1" * 100_000, f"a number has at most {MAX_DIGITS} characters, got 200,001"),
    "a number of many digits": ("a: 0x" + "f" * 10_000, f"a number has at most {MAX_DIGITS} characters"),
    "no number": ("a: .nan", "'.nan' is no number"),
    "infinity": ("a: -.inf", "'-.inf' is no number"),
    "a number beyond all": ("a: 1.0e+999", "'1.0e.999' is no number"),
    "a key given twice": ("a: 1\nb: 2\na: 3", r"a is given twice \(line 3, column 1\)"),
    "a key given twice, written otherwise": ("{36: kick, 0x24: snare}", "36 is given twice"),
    "a list for a key": ("? [1]\n: 2", "a key must be a text or a number"),
    "a date that is none": ("a: 2024-13-45", r"'2024-13-45' is no date \(line 1, column 4\)"),
    "a date of nothing": ("!!timestamp foo", "'foo' is no date"),
    "a boolean that is none": ("!!bool maybe", "'maybe' is no boolean"),
    "a number of nothing": ("!!int ''", "'' is no number"),
    "bytes": ("!!binary aGk=", "binary cannot be used here"),
    "a Python object": ("!!python/object/apply:os.system [ls]", "python/object/apply:os.system cannot be used here"),
    "a tag of somebody's": ("!mine x", "!mine cannot be used here"),
    "a list that is said to be a mapping": ("!!map [1]", "map cannot be used here"),
    "two documents": ("--- 1\n--- 2", "another document"),
    "a null byte": ("a: \0", "control characters are not allowed"),
    "half a character": ("a: \ud800", "surrogates not allowed"),
    "a list never closed": ("[1", "did not find expected"),
}


@each_case("text, said", BAD_YAML.values())
def test_yaml_that_is_none_or_too_much_is_refused_in_a_sentence(text: str, said: str) -> None:
    with limited_work(3_000_000), pytest.raises(PresetError, match=rf"^mine\.yaml: .*{said}") as raised:
        parse_yaml(text, "mine.yaml")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_what_is_within_the_bounds_is_read() -> None:
    depth = MAX_DEPTH - 1
    deepest = parse_yaml("[" * depth + "1" + "]" * depth, "a")
    for _ in range(depth):
        assert isinstance(deepest, list)
        (deepest,) = deepest
    assert deepest == 1
    assert parse_yaml("", "a") is None
    assert parse_yaml("a: [1, 2.5, yes, ~, 2024-01-02, 'x', 1_000, 0x1f, 1:30]", "a") == yaml.safe_load(
        "a: [1, 2.5, yes, ~, 2024-01-02, 'x', 1_000, 0x1f, 1:30]"
    )


DATA_OF_YAML = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(DATA_OF_YAML)
def test_what_pyyaml_writes_and_reads_is_read_alike(data: object) -> None:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    text = yaml.dump(data, Dumper=Plain, allow_unicode=True)
    assert parse_yaml(text, "a") == yaml.safe_load(text)


def bound_of(text: str | bytes) -> int:
    """So many calls may reading take: some for each character, and those of one reading of nothing."""
    return 20_000 + 100 * len(text)


def is_told(source: str, read: Callable[[], object]) -> bool:
    """Whether reading gives data, or an error that names the source; any other error passes."""
    try:
        read()
    except PresetError as error:
        return str(error).startswith(f"{source}: ")
    return True


@given(st.text() | st.text("[]{}&*!<:-?|>'\"#%@, \nabc019._~eE+", max_size=200))
def test_any_text_is_data_or_an_error_in_bounded_work(text: str) -> None:
    with limited_work(bound_of(text)):
        assert is_told("mine.yaml", lambda: parse_yaml(text, "mine.yaml"))


def mutate(text: str, chance: random.Random) -> str:
    """A text with a few pieces taken out, put in, or doubled."""
    odd = (
        "&a ",
        "*a",
        "<<: ",
        "!!binary ",
        "[",
        "{",
        "- " * 50,
        "\t",
        "\0",
        "9" * 120,
        ".nan",
        "2024-99-01",
        "? ",
        "é",
    )
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 5, 40)))
        text = text[:start] + chance.choice((*odd, "", text[start:end] * 3)) + text[end:]
    return text


def test_changed_presets_are_styles_and_kits_or_preset_errors() -> None:
    chance = random.Random(8)
    names = sorted(DATA)
    for number in range(50):
        text = mutate(write_style(DATA[chance.choice(names)], "A style."), chance)
        kit = mutate("name: mine\naliases: [a, b]\npads: {kick: 24}\nhears: {25: snare}\n", chance)
        with limited_work(bound_of(text)):
            assert is_told("style.yaml", partial(parse_style, text, "style.yaml")), number
        assert is_told("kit.yaml", partial(parse_kit, kit, "kit.yaml")), number


@each_case(
    "content, said",
    [
        (b"[" * 100_000, "nested too deep"),
        (b'[{"a":' * 100_000, "nested too deep"),
        (b"[NaN]", "this is not JSON"),
        (b"[1e999]", "number out of range"),
        (b"[" + b"1" * 5_000 + b"]", "integer value out of range"),
        (b'["\xff"]', "this is not JSON: 'utf-8' codec"),
        (b"", "this is not JSON"),
        (b'{"a": 1}', "expected `array`, got `object`"),
    ],
)
def test_json_that_is_none_or_too_much_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(PresetError, match=rf"^daemon\.json: .*{said}"):
        parse_json(content, "daemon.json", list[object])


@given(st.binary() | st.text('[]{}:,"01eE.-+ntf\\u', max_size=200).map(str.encode))
def test_any_bytes_are_json_or_an_error(content: bytes) -> None:
    assert is_told("a.json", lambda: parse_json(content, "a.json", dict[str, object]))


def test_a_field_that_does_not_fit_is_named() -> None:
    class Port(msgspec.Struct):
        number: int

    with pytest.raises(PresetError, match=r"^a\.yaml: ports\[0\]\.number: expected `int`, got `str`$"):
        convert_data([{"number": "x"}], list[Port], "a.yaml", field="ports")
    assert convert_data({"number": 3}, Port, "a.yaml").number == 3


def test_what_others_wrote_is_shown_in_part() -> None:
    assert len(str(PresetError("a.yaml", "x" * 10**6, "y" * 10**6))) < 2 * SHOWN + 50
    assert len(str(ParamError("style", "one of these", "z" * 10**6))) < SHOWN + 100


def test_what_lies_on_a_bound_is_read_and_one_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = "1" * MAX_DIGITS
    assert parse_yaml(f"a: {digits}", "a") == {"a": int(digits)}
    with pytest.raises(PresetError, match="has at most"):
        parse_yaml(f"a: {digits}1", "a")
    nodes = 500
    monkeypatch.setattr(parsing, "MAX_NODES", nodes)
    many = "[" + "1," * (nodes - 1) + "]"
    assert len(cast(list[int], parse_yaml(many, "a"))) == nodes - 1
    with pytest.raises(PresetError, match="more than"):
        parse_yaml("[" + "1," * nodes + "]", "a")
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_yaml(deep, "a")
    with pytest.raises(PresetError, match="nested more"):
        parse_yaml(f"[{deep}]", "a")
    # Neighbours are not within each other.
    assert parse_yaml("[" + "[[]], " * 60 + "]", "a") == [[[]]] * 60


def test_where_something_is_wrong_is_told_from_line_and_column_1() -> None:
    with pytest.raises(PresetError, match=r"\(line 3, column 5\)$"):
        parse_yaml("a: 1\nb: 2\nc:  !mine x", "mine.yaml")


def test_fields_are_named_from_where_the_data_is_from() -> None:
    cases = [("", "[0]"), ("ports", "ports[0]"), ("a.ports", "a.ports[0]")]
    for field, named in cases:
        with pytest.raises(PresetError) as refusal:
            convert_data(["x"], list[int], "a.yaml", field=field)
        assert (refusal.value.field, refusal.value.problem) == (named, "expected `int`, got `str`"), field
    with pytest.raises(PresetError) as refusal:
        convert_data("x", int, "a.yaml")
    assert refusal.value.field == ""
    assert convert_data({"1": 2}, dict[int, int], "a.yaml", str_keys=True) == {1: 2}
    assert parse_json(b'{"a": [1]}', "a.json", dict[str, list[int]]) == {"a": [1]}
