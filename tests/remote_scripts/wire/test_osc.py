"""The script's codec against the daemon's, both ways over the whole table; any bytes give messages or OscError."""

import contextlib
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.protocol import MESSAGES
from musearoo.bridge.protocol import codec as wire_codec
from musearoo.bridge.protocol.types import Kind, Message, Route, Spec, build
from musearoo.remote_scripts.MuseAroo.wire import messages, osc
from musearoo.remote_scripts.MuseAroo.wire import table as wire_table
from tests.each_case import each_case

_SCRIPTS_OWN = [cls for cls in MESSAGES if cls.route is Route.SCRIPT_TO_DAEMON]
_DAEMONS_OWN = [cls for cls in MESSAGES if cls.route is Route.DAEMON_TO_SCRIPT]


def _values(spec: Spec) -> list[Any]:
    """The lowest and the highest value, and for text one that is not ASCII."""
    if spec.kind is Kind.TEXT:
        return list(spec.choices) or ["", "x" * min(int(spec.high), 40), "Ünï ♪"]
    if spec.kind is Kind.BLOB:
        return [b"", bytes(range(36)), b"\xc0\xdb\0"]
    if spec.kind is Kind.WHOLE:
        return [int(spec.low), int(spec.high)]
    return [float(spec.low), float(spec.high), 1 / 3 if spec.low <= 1 / 3 <= spec.high else float(spec.high)]


def _examples(cls: type[Message]) -> list[Message]:
    columns = [_values(spec) for _, spec in cls.specs]
    rows = []
    for number in range(max((len(column) for column in columns), default=1)):
        row = [column[min(number, len(column) - 1)] for column in columns]
        more = [1, 0] if cls.repeats and cls.specs[-1][1].kind is not Kind.TEXT else ["1", "0"]
        rows.append(build(cls, [*row, *more] if cls.repeats else row))
    return rows


@each_case("cls", _SCRIPTS_OWN)
def test_what_the_script_sends_is_what_the_daemon_would_send(cls: type[Message]) -> None:
    for example in _examples(cls):
        flat: list[Any] = []
        for name, _ in cls.specs:
            value = getattr(example, name)
            flat += value if isinstance(value, tuple) else [value]
        packet = messages.packet(cls.path, *flat)
        assert packet == wire_codec.encode(example)
        assert wire_codec.decode(packet, Route.SCRIPT_TO_DAEMON) == [example]


@each_case("cls", _DAEMONS_OWN)
def test_what_the_daemon_sends_is_understood(cls: type[Message]) -> None:
    for example in _examples(cls):
        (message,) = osc.decode(wire_codec.encode(example))
        arguments = messages.checked(message)
        assert {name: getattr(arguments, name) for name, _ in cls.specs} == {
            name: list(value) if isinstance(value := getattr(example, name), tuple) else value for name, _ in cls.specs
        }


def test_the_daemons_bundles_are_understood() -> None:
    examples = [_examples(cls)[0] for cls in _DAEMONS_OWN]
    read = osc.decode(wire_codec.encode_bundle(examples))
    assert [message.address for message in read] == [example.path for example in examples]


def test_the_scripts_bundles_are_understood_by_the_daemon() -> None:
    packets = [messages.packet("/roo/set/gone", 3), messages.packet("/roo/set/ready", 4)]
    read = wire_codec.decode(osc.encode_bundle(packets), Route.SCRIPT_TO_DAEMON)
    assert [message.path for message in read] == ["/roo/set/gone", "/roo/set/ready"]


def test_a_blob_may_be_empty() -> None:
    (told,) = wire_codec.decode(messages.packet("/roo/set/notes", 7, b""), Route.SCRIPT_TO_DAEMON)
    assert told.notes == b""  # type: ignore[attr-defined]
    (edit,) = osc.decode(osc.encode_message("/roo/edit/replace_notes", "ib", (7, b"")))
    assert messages.checked(edit).notes == b""


def test_what_live_reports_is_fitted_to_the_bounds() -> None:
    packet = messages.packet("/roo/set/scene", 7, 123456, "é" * 200 + "\0")
    (scene,) = wire_codec.decode(packet, Route.SCRIPT_TO_DAEMON)
    assert (scene.index, scene.name) == (9999, "é" * 127)  # type: ignore[attr-defined]
    packet = messages.packet("/roo/script/heartbeat", -1, float("nan"), 0, 0)
    (beat,) = wire_codec.decode(packet, Route.SCRIPT_TO_DAEMON)
    assert (beat.sequence, beat.largest_gap_ms) == (0, 0.0)  # type: ignore[attr-defined]


@each_case(
    "address, values, why",
    [
        ("/roo/nowhere", (), "not an address"),
        ("/roo/edit/set_tempo", (), r"takes 1 arguments \(tempo\), got 0"),
        ("/roo/edit/set_tempo", ("fast",), r"must be in 20\.\.999, not 'fast'"),
        ("/roo/edit/set_tempo", (float("nan"),), "must be in 20..999"),
        ("/roo/edit/set_tempo", (5.0,), "must be in 20..999, not 5.0"),
        ("/roo/edit/set_meter", (4.5, 4), "must be a whole number"),
        ("/roo/edit/set_meter", (4, 5), "must be one of 1, 2, 4, 8, 16, not 5"),
        ("/roo/edit/replace_notes", (1, "notes"), "must be a blob, not str"),
        ("/roo/edit/rename", (1, b"name", 1), "must be text, not bytes"),
        ("/roo/edit/rename", (1, "n" * 256, 1), "must be at most 255 bytes"),
        ("/roo/edit/set_mixer", (1, "width", 0.0), "must be one of volume, panning"),
    ],
)
def test_what_the_table_does_not_allow_is_refused(address: str, values: tuple[Any, ...], why: str) -> None:
    with pytest.raises(messages.WireError, match=why):
        messages.checked(osc.Message(address, values))


@each_case(
    "packet, why",
    [
        (b"", "neither with an address"),
        (b"/a", "has no end"),
        (b"/a\0\0\0", "not padded|has no end"),
        (b"/a\0\0xx\0\0", "no type tags"),
        (b"/a\0\0,x\0\0", "not one of i f d s b"),
        (b"/a\0\0,i\0\0\0\0", "in the middle of a number"),
        (b"/a\0\0,\0\0\0\0\0\0\0", "4 bytes too many"),
        (b"/\xff\0\0,\0\0\0", "not UTF-8"),
        (b"/a\0\0,b\0\0\x7f\xff\xff\xff", "claims 2147483647 bytes"),
        (b"/a\0\0,b\0\0\xff\xff\xff\xff", "claims -1 bytes"),
        (b"#bundle\0\0\0", "before its time tag"),
        (b"#bundle\0" + bytes(8) + b"\0\0\0\x08", "claims 8 bytes, 0 are left"),
    ],
)
def test_broken_packets_are_named(packet: bytes, why: str) -> None:
    with pytest.raises(osc.OscError, match=why):
        osc.decode(packet)


def test_bundles_within_bundles_have_a_bottom() -> None:
    packet = osc.encode_message("/a", "", ())
    for _ in range(osc.DEEPEST_BUNDLE):
        packet = osc.encode_bundle([packet])
    assert osc.decode(packet) == [osc.Message("/a", ())]
    with pytest.raises(osc.OscError, match="deep"):
        osc.decode(osc.encode_bundle([packet]))


def test_a_packet_holds_a_bounded_number_of_messages() -> None:
    one = osc.encode_message("/a", "", ())
    assert len(osc.decode(osc.encode_bundle([one] * osc.MOST_MESSAGES))) == osc.MOST_MESSAGES
    with pytest.raises(osc.OscError, match="at most"):
        osc.decode(osc.encode_bundle([one] * (osc.MOST_MESSAGES + 1)))


def test_the_request_of_a_broken_transaction_is_still_known() -> None:
    head = osc.encode_message("/roo/do", "sd", ("press 7", 0.0))
    with pytest.raises(osc.OscError) as caught:
        osc.decode(osc.encode_bundle([head, b"/bad"]))
    assert messages.request_in(caught.value.read) == "press 7"


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_an_error(packet: bytes) -> None:
    with contextlib.suppress(osc.OscError):
        osc.decode(packet)


@given(st.data())
def test_any_mutation_is_messages_or_an_error(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from(_DAEMONS_OWN))
    packet = bytearray(wire_codec.encode_bundle(_examples(cls)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(packet) - 1))
        packet[at] = data.draw(st.integers(0, 255))
    cut = bytes(packet[: data.draw(st.integers(0, len(packet)))])
    try:
        for message in osc.decode(cut):
            messages.checked(message)
    except (osc.OscError, messages.WireError):
        pass


_NUMBERS = st.one_of(
    st.tuples(st.just("i"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("d"), st.floats(allow_nan=False)),
    st.tuples(st.just("f"), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just("b"), st.binary(max_size=40)),
    st.tuples(st.just("s"), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)),
)


@given(st.lists(_NUMBERS, max_size=8))
def test_what_is_encoded_is_decoded_again(arguments: list[tuple[str, Any]]) -> None:
    values = tuple(value for _, value in arguments)
    packet = osc.encode_message("/a/b", "".join(tag for tag, _ in arguments), values)
    assert osc.decode(packet) == [osc.Message("/a/b", values)]


def test_the_note_record_is_the_daemons() -> None:
    assert struct.calcsize(wire_table.NOTE_RECORD) == 36
