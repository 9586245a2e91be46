"""The wire table, walked whole: every message both ways, every bound on both sides, every derived file in step."""

import importlib
import inspect
import pkgutil
import re
from typing import Any, get_args

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from musearoo.bridge import protocol as wire
from musearoo.bridge.protocol import LONGEST_DATAGRAM, MESSAGE_BY_PATH, MESSAGES, LiveState, Refusal
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Kind, Message, Route, Spec, WireError, build
from tests.bridge.audio.samples import largest, messages_of, ordinary, refused, smallest
from tests.each_case import each_case

each_message = each_case("cls", MESSAGES)
each_argument = each_case("cls, position", [(cls, position) for cls in MESSAGES for position in range(len(cls.specs))])


def of_raw(cls: type[Message], values: list[Any]) -> Message:
    """A message made without any check, as faulty code of ours could."""
    unchecked: Any = cls
    if cls.repeats:
        last = len(cls.specs) - 1
        values = [*values[:last], tuple(values[last:])]
    made: Message = unchecked(*values)
    return made


def raw_packet(path: str, *values: tuple[str, object]) -> bytes:
    """An OSC packet with these (type tag, value) pairs, whatever the table says."""
    builder = OscMessageBuilder(path)
    for tag, value in values:
        builder.add_arg(value, tag)  # type: ignore[arg-type]
    return builder.build().dgram


# --- the table -------------------------------------------------------------------------------------------------------


def test_no_address_is_twice_on_a_route() -> None:
    assert sum(len(by_path) for by_path in MESSAGE_BY_PATH.values()) == len(MESSAGES)


def test_every_message_class_of_the_package_is_in_the_table_and_has_one_public_name() -> None:
    modules = [
        importlib.import_module(f"musearoo.bridge.protocol.{found.name}")
        for found in pkgutil.iter_modules(wire.__path__)
    ]
    classes = {cls for module in modules for _, cls in inspect.getmembers(module, inspect.isclass)}
    declared = {cls for cls in classes if issubclass(cls, Message)} - {Message}
    assert declared == set(MESSAGES)
    assert all(getattr(wire, cls.__name__) is cls for cls in declared)


def test_an_edit_is_what_has_an_edit_address() -> None:
    assert set(get_args(wire.Edit)) == {cls for cls in MESSAGES if cls.path.startswith("/roo/edit/")}
    assert all(cls.route is Route.DAEMON_TO_SCRIPT for cls in get_args(wire.Edit))


@each_message
def test_every_message_and_argument_says_what_it_means(cls: type[Message]) -> None:
    assert re.fullmatch(r"/roo(/[a-z_]+)+", cls.path)
    assert (cls.__doc__ or "").strip().endswith(".")
    for name, spec in cls.specs:
        assert spec.meaning.strip(), name
        assert spec.low <= spec.high, name


@each_message
def test_a_device_speaks_only_what_max_can(cls: type[Message]) -> None:
    if "device" in cls.route.value:
        assert {spec.kind for _, spec in cls.specs} <= {Kind.WHOLE, Kind.REAL, Kind.TEXT}
        assert not cls.repeats


@each_message
def test_the_longest_message_of_a_device_fits_its_datagram(cls: type[Message]) -> None:
    if "device" in cls.route.value:
        assert len(encode(messages_of(cls)[-1])) <= LONGEST_DATAGRAM


def test_refusals_fit_where_their_codes_travel() -> None:
    codes = dict(wire.Failed.specs)["code"]
    assert all(codes.low <= refusal <= codes.high for refusal in Refusal)
    assert [int(state) for state in LiveState] == [0, 1, 2]


# --- every message both ways -----------------------------------------------------------------------------------------


@each_message
def test_decode_gives_back_what_encode_was_given(cls: type[Message]) -> None:
    for message in messages_of(cls):
        assert decode(encode(message), cls.route) == [message]


@each_argument
def test_what_is_just_inside_is_taken(cls: type[Message], position: int) -> None:
    for pick in (smallest, largest):
        values = [ordinary(spec) for _, spec in cls.specs]
        values[position] = pick(cls.specs[position][1])
        assert build(cls, values) == of_raw(cls, values)


@each_argument
def test_what_is_outside_is_refused_on_both_ways(cls: type[Message], position: int) -> None:
    name, spec = cls.specs[position]
    for wrong in refused(spec):
        values = [ordinary(spec) for _, spec in cls.specs]
        values[position] = wrong
        with pytest.raises(WireError, match=f"^{cls.path} {name} must be "):
            build(cls, values)
        if not (spec.is_cut and isinstance(wrong, str)):
            with pytest.raises(WireError, match=f"^{cls.path} {name} must be "):
                encode(of_raw(cls, values))


@each_argument
def test_words_for_people_are_sent_however_long_they_are(cls: type[Message], position: int) -> None:
    name, spec = cls.specs[position]
    if spec.is_cut:
        for wrong in ("x" * 10_000, "音" * 10_000, "a\0b", "\ud800", "e" + "\u0301" * 10_000):
            values = [ordinary(spec) for _, spec in cls.specs]
            values[position] = wrong
            (sent,) = decode(encode(of_raw(cls, values)), cls.route)
            assert getattr(sent, name)


@each_case(
    "spec, value, sentence",
    [
        (wire.Generate.specs[4][1], 65, "here must be in 1..64, not 65"),
        (wire.Generate.specs[4][1], 1.5, "here must be a whole number in 1..64, not 1.5"),
        (wire.Generate.specs[4][1], "8", "here must be a number in 1..64, not str"),
        (wire.Generate.specs[2][1], 65, "here must be text, not int"),
        (
            wire.Generate.specs[3][1],
            "x" * 33,
            "here must be text of at most 32 bytes without a zero byte, got 33 bytes",
        ),
        (wire.SetMeter.specs[1][1], 3, "here must be one of 1, 2, 4, 8, 16, not 3"),
        (wire.SetMixer.specs[1][1], "gain", "here must be one of volume, panning, mute, solo, arm, not 'gain'"),
        (wire.ClipNotes.specs[1][1], 65, "here must be a blob of note records, not int"),
    ],
)
def test_a_refusal_names_the_bounds_and_what_came(spec: Spec, value: object, sentence: str) -> None:
    with pytest.raises(WireError) as refusal:
        spec.check("here", value)
    assert str(refusal.value) == sentence


@each_message
def test_another_count_of_arguments_is_refused(cls: type[Message]) -> None:
    values = [ordinary(spec) for _, spec in cls.specs]
    fixed = len(values) - cls.repeats
    if fixed:
        with pytest.raises(WireError, match=f"{cls.path} takes {fixed} arguments"):
            build(cls, values[: fixed - 1])
    if not cls.repeats:
        with pytest.raises(WireError, match=f"{cls.path} takes {fixed} arguments"):
            build(cls, [*values, 1])


@each_message
def test_a_message_on_another_route_is_refused(cls: type[Message]) -> None:
    packet = encode(messages_of(cls)[1])
    for route in set(Route) - {cls.route}:
        if cls.path not in MESSAGE_BY_PATH[route]:
            with pytest.raises(WireError, match=re.escape(f"'{cls.path}' is not an address that goes {route.value}")):
                decode(packet, route)


@each_case("path", ["/roo", "/roo/hello/", "/roo/hell", "/ROO/HELLO", "/roo/*", "/", "/roo/größe"])
def test_an_unknown_address_is_refused(path: str) -> None:
    for route in Route:
        with pytest.raises(WireError, match="is not an address"):
            decode(raw_packet(path), route)


@each_message
def test_a_whole_number_may_come_as_a_float_without_fraction(cls: type[Message]) -> None:
    values = [ordinary(spec) for _, spec in cls.specs]
    as_floats = [
        ("f", float(value)) if spec.kind is Kind.WHOLE else (spec.kind.value, value)
        for (_, spec), value in zip(cls.specs, values, strict=True)
    ]
    (message,) = decode(raw_packet(cls.path, *as_floats), cls.route)
    assert message == build(cls, values)
    for name, spec in cls.specs[: len(cls.specs) - cls.repeats]:
        if spec.kind is Kind.WHOLE:
            assert type(getattr(message, name)) is int


@each_case(
    "arguments",
    [
        [("T", True), ("i", 1)],
        [("i", 1), ("N", None)],
        [("h", 2**40), ("i", 1)],
        [("s", "1"), ("i", 1)],
        [("f", 1.5), ("i", 1)],
        [("b", b"\0\0\0\1"), ("i", 1)],
    ],
)
def test_other_types_of_osc_are_refused(arguments: list[tuple[str, object]]) -> None:
    with pytest.raises(WireError, match=r"/roo/cancel|of the types"):
        decode(raw_packet("/roo/cancel", *arguments), Route.DEVICE_TO_DAEMON)


# --- what is derived from the table ----------------------------------------------------------------------------------
