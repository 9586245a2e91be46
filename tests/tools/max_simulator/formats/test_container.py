"""Containers: bytes to data and back, for made-up ones, our own and real ones; and every fault has its name."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.tools.max_simulator.formats.container import (
    DEVICE_FLAG,
    FROZEN_META,
    Container,
    ContainerError,
    DeviceFile,
    pack,
    unpack,
)
from musearoo.tools.workshop.device_builder.build import FOLDER
from tests.each_case import each_case
from tests.tools.workshop.device_builder.real_devices import PATHS, needs_devices

PATCHER = b'{ "patcher" : { "boxes" : [  ] } }\n\0'
UNFROZEN = Container("aaaa", (DeviceFile("", "JSON", PATCHER),), False, 1)
FROZEN = Container(
    "mmmm",
    (
        DeviceFile("Test.amxd", "JSON", PATCHER, DEVICE_FLAG, 3_850_070_400),
        DeviceFile("a.js", "TEXT", b"outlets = 1;\n", 0, 3_850_070_400),
        DeviceFile("icon.svg", "svg ", b"<svg/>", 8, 0, 1),
    ),
    True,
    FROZEN_META,
)

_LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=4, max_size=4)
_NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
_U32 = st.integers(0, 2**32 - 1)
_FILES = st.builds(DeviceFile, _NAMES, _LETTERS, st.binary(max_size=60), _U32, _U32, _U32)
_FROZEN = st.builds(
    Container,
    _LETTERS,
    st.lists(_FILES, min_size=1, max_size=5).map(tuple),
    st.just(True),
    st.none() | _U32,
    st.binary(max_size=9),
    st.binary(max_size=9),
)


@each_case("container", [UNFROZEN, FROZEN])
def test_a_container_comes_back_as_it_went(container: Container) -> None:
    assert unpack(pack(container)) == container


@given(_FROZEN)
def test_any_frozen_container_comes_back_as_it_went(container: Container) -> None:
    assert unpack(pack(container)) == container


@given(st.binary(max_size=200).map(lambda tail: pack(FROZEN)[: 200 - len(tail)] + tail) | st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        container = unpack(data)
    except ContainerError:
        return
    assert pack(container) == data


@given(st.integers(0, len(pack(FROZEN)) - 1), st.integers(1, 255))
def test_one_wrong_byte_is_kept_or_refused(at: int, flip: int) -> None:
    data = bytearray(pack(FROZEN))
    data[at] ^= flip
    try:
        container = unpack(bytes(data))
    except ContainerError:
        return
    assert pack(container) == bytes(data)


def test_the_bytes_are_those_that_max_writes() -> None:
    data = pack(Container("aaaa", (DeviceFile("ABC.amxd", "JSON", b"{}\0", 0x11, 1),), True, 7))
    # The layout as it was read off devices that Max froze.
    assert data == b"".join(
        (
            b"ampf\4\0\0\0aaaameta\4\0\0\0\7\0\0\0ptch",
            struct.pack("<I", 16 + 3 + 8 + 100),
            b"mx@c\0\0\0\x10\0\0\0\0\0\0\0\x13{}\0",
            b"dlst\0\0\0\x6cdire\0\0\0\x64",
            b"type\0\0\0\x0cJSONfnam\0\0\0\x14ABC.amxd\0\0\0\0",
            b"sz32\0\0\0\x0c\0\0\0\3of32\0\0\0\x0c\0\0\0\x10vers\0\0\0\x0c\0\0\0\0",
            b"flag\0\0\0\x0c\0\0\0\x11mdat\0\0\0\x0c\0\0\0\1",
        )
    )


def test_bytes_behind_the_patcher_do_not_hide_it() -> None:
    left = b'{ "patcher" : { "boxes" : [  ] } }\n{ "patcher" : {\0'
    assert Container("aaaa", (DeviceFile("", "JSON", left),), False, 1).patcher() == {"boxes": []}


def _cut(by: int) -> bytes:
    return pack(FROZEN)[:-by]


@each_case(
    "data, says",
    [
        (b"", "byte 0: expected ampf"),
        (b"RIFF\4\0\0\0WAVE", "is this an .amxd file"),
        (b"ampf\4\0", "ends within the size of ampf"),
        (b"ampf\4\0\0\0aa", "ampf must have 4 bytes, but has 2"),
        (b"ampf\2\0\0\0aa", "four letters"),
        (pack(UNFROZEN)[:24], "expected ptch"),
        (pack(UNFROZEN)[:12] + b"meta\2\0\0\0\0\0", "the meta chunk has 4 bytes, here 2"),
        (pack(UNFROZEN)[:24] + b"ciph\0\0\0\0", "encrypted"),
        (_cut(1), "ptch must have"),
        (b"ampf\4\0\0\0aaaaptch\4\0\0\0mx@c", "ends within its header"),
        (pack(FROZEN).replace(b"mx@c\0\0\0\x10", b"mx@c\0\0\0\x11"), "header has 16 bytes, here 17"),
        (pack(FROZEN).replace(b"dlst", b"list"), "no list of files"),
        (pack(FROZEN).replace(b"dlst\0", b"dlst\1"), "dlst: must have"),
        (pack(FROZEN).replace(b"dire", b"diri", 1), "expected dire"),
        (pack(FROZEN).replace(b"type", b"tipe", 1), "expected type"),
        (pack(FROZEN).replace(b"Test.amxd\0", b"Te\0t.amxd\0"), "not an ASCII name"),
        (pack(FROZEN).replace(b"type\0\0\0\x0cJSONfnam", b"type\0\0\0\x10JSONfnam", 1), "expected fnam"),
        (
            pack(Container("aaaa", (DeviceFile("a", "JSON", b""),), True, 7)).replace(
                b"type\0\0\0\x0cJSONfnam\0\0\0\x0ca\0\0\0", b"type\0\0\0\x10JSONabcdfnam\0\0\0\x08"
            ),
            "type has 4 bytes, here 8",
        ),
        (pack(FROZEN).replace(b"Test.amxd\0", b"Test.amx\xff\0"), "not an ASCII name"),
        (pack(FROZEN).replace(b"of32\0\0\0\x0c\0\0\0\x10", b"of32\0\0\0\x0c\0\0\0\x11"), "Test.amxd: is at bytes 17"),
        (pack(FROZEN).replace(b"sz32\0\0\0\x0c\0\0\0\x06", b"sz32\0\0\0\x0c\0\0\0\x05"), "belong to no file"),
    ],
)
def test_a_fault_says_where_and_what(data: bytes, says: str) -> None:
    with pytest.raises(ContainerError, match=says):
        unpack(data)


@each_case(
    "container, says",
    [
        (Container("aaa", UNFROZEN.files, False, 1), "four letters"),
        (Container("aaaa", (), True, 7), "has no file"),
        (Container("aaaa", FROZEN.files, False, 1), "has one file, its patcher"),
        (Container("aaaa", (DeviceFile("ä.amxd", "JSON", b""),), True, 7), "must be ASCII"),
        (Container("aaaa", (DeviceFile("a", "svg", b""),), True, 7), "such as JSON"),
    ],
)
def test_what_max_could_not_read_is_not_packed(container: Container, says: str) -> None:
    with pytest.raises(ContainerError, match=says):
        pack(container)


def test_what_is_no_patcher_is_said() -> None:
    with pytest.raises(ContainerError, match="is not JSON"):
        Container("aaaa", (DeviceFile("", "JSON", b"{"),), False, 1).patcher()
    with pytest.raises(ContainerError, match="has no patcher"):
        Container("aaaa", (DeviceFile("", "JSON", b"[]"),), False, 1).patcher()
    with pytest.raises(ContainerError, match=r"no file b.js in the device, there are: Test.amxd, a.js, icon.svg"):
        FROZEN.file("b.js")


@each_case("name", ["MuseAroo", "MuseAroo MIDI"])
def test_our_own_devices_come_back_as_they_went(name: str) -> None:
    data = (FOLDER / f"{name}.amxd").read_bytes()
    container = unpack(data)
    assert pack(container) == data
    assert [file.name for file in container.files] == [f"{name}.amxd", "MuseAroo.js"]


@needs_devices
def test_devices_that_max_saved_come_back_as_they_went() -> None:
    refused = []
    for path in PATHS:
        data = path.read_bytes()
        try:
            container = unpack(data)
        except ContainerError as error:
            refused.append((path.name, str(error)))
            continue
        assert pack(container) == data, path
        assert container.patcher()["boxes"], path
    # Encrypted by its maker, or made by hand and never by Max; all others must be understood.
    assert len(refused) * 20 < len(PATHS), refused
