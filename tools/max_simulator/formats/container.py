"""The `.amxd` container: bytes to frozen data and back.

A file is a row of chunks, each a four-letter tag and a size, little-endian:

    "ampf" 4 kind | "meta" 4 number | "ptch" N payload

The payload of an unfrozen device is its patcher as JSON, with a NUL at the end. That of a frozen one holds the device
and all that it needs, big-endian: "mx@c", 16, where the list begins (u64), the files one after the other, then the list
"dlst" with one entry "dire" a file.

`pack` and `unpack` are inverse, byte for byte. They were checked on 159 devices from 19 public repositories,
saved by Max 5 to 9.2: 155 come back as they went (46 of them frozen); one is encrypted, and three were never made by
Max and are not whole.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

FROZEN_META = 7
"""What the meta chunk of frozen devices holds that Max 8.6 and 9 saved. Unfrozen ones have 1 there, and old ones other
numbers or no such chunk."""

DEVICE_FLAG = 0x11
"""The flag of the file that is the device itself; what it needs has 0 or 8."""

HEADER_SIZE = 16
"""Bytes of "mx@c", the header's size and the place of the list; offsets of files count from "mx@c"."""

_FIELDS = ("type", "fnam", "sz32", "of32", "vers", "flag", "mdat")
"""An entry's fields in the order in which Max writes them."""


class ContainerError(ValueError):
    """The bytes are not a device that can be read; says where and what."""


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """One file in a container.

    `kind` is Max's four letters: "JSON" for a patcher, "TEXT" for a script, "svg " for a picture. `made_at` counts
    seconds from the start of 1904, as Max does. An unfrozen device has one file and no name for it.
    """

    name: str
    kind: str
    content: bytes
    flag: int = 0
    made_at: int = 0
    version: int = 0

    @property
    def text(self) -> str:
        """What the file says, without the NULs at its end."""
        return self.content.rstrip(b"\0").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Container:
    """What an `.amxd` file holds; the first file is the device. `meta` is None where the chunk is missing.

    `kind` is "aaaa" for an audio effect, "mmmm" for a MIDI effect, "iiii" for an instrument, "nagg" and "natt" for what
    makes and changes notes in a MIDI clip.

    `left_over` is what follows the list of a frozen device within its chunk: old versions of Max left bytes there when
    a device became smaller. `rest` is what follows the last chunk. Both are empty in a sound file.
    """

    kind: str
    files: tuple[DeviceFile, ...]
    frozen: bool
    meta: int | None
    left_over: bytes = b""
    rest: bytes = b""

    def file(self, name: str) -> DeviceFile:
        """The file of that name; raises ContainerError with the names there are."""
        for file in self.files:
            if file.name == name:
                return file
        raise ContainerError(f"no file {name} in the device, there are: {', '.join(f.name for f in self.files)}")

    def patcher(self) -> dict[str, Any]:
        """The device's patcher: what its JSON has under "patcher"."""
        try:
            # Some versions of Max left bytes behind it when a patcher got shorter; Max itself reads past them.
            document, _ = json.JSONDecoder().raw_decode(self.files[0].text)
        except ValueError as error:
            raise ContainerError(f"the device's patcher is no JSON: {error}") from error
        if not isinstance(document, dict) or not isinstance(document.get("patcher"), dict):
            raise ContainerError("the device's JSON has no patcher")
        patcher: dict[str, Any] = document["patcher"]
        return patcher


def unpack(data: bytes) -> Container:
    """What the bytes of an `.amxd` file hold; the inverse of `pack`. Raises ContainerError."""
    kind, position = _chunk(data, 0, b"ampf")
    if len(kind) != 4 or not kind.isascii():
        raise ContainerError(f"byte 8: the kind of device is four letters such as aaaa, not {kind!r}")
    meta = None
    if data[position : position + 4] == b"meta":
        number, position = _chunk(data, position, b"meta")
        if len(number) != 4:
            raise ContainerError(f"byte {position}: the meta chunk has 4 bytes, here {len(number)}")
        (meta,) = struct.unpack("<I", number)
    if data[position : position + 4] == b"ciph":
        raise ContainerError("the device is encrypted by its maker and cannot be read")
    payload, position = _chunk(data, position, b"ptch")
    frozen = payload[:4] == b"mx@c"
    files, left_over = _thaw(payload) if frozen else ((DeviceFile("", "JSON", payload),), b"")
    return Container(kind.decode("ascii"), files, frozen, meta, left_over, data[position:])


def pack(container: Container) -> bytes:
    """The bytes of an `.amxd` file; the inverse of `unpack`. Raises ContainerError for what Max could not read."""
    kind = _four_letters(container.kind)
    if not container.files:
        raise ContainerError("a device without a file")
    if not container.frozen and len(container.files) != 1:
        raise ContainerError(f"an unfrozen device holds its patcher alone, here are {len(container.files)} files")
    payload = (_freeze(container.files) if container.frozen else container.files[0].content) + container.left_over
    meta = b"" if container.meta is None else struct.pack("<4sII", b"meta", 4, container.meta)
    return b"".join(
        (
            struct.pack("<4sI4s", b"ampf", 4, kind),
            meta,
            struct.pack("<4sI", b"ptch", len(payload)),
            payload,
            container.rest,
        )
    )


def _chunk(data: bytes, position: int, tag: bytes) -> tuple[bytes, int]:
    """The payload of the chunk with this tag, and where the next one begins."""
    found = data[position : position + 4]
    if found != tag:
        raise ContainerError(f"byte {position}: expected {tag.decode()}, found {found!r}; is this an .amxd file?")
    if len(data) < position + 8:
        raise ContainerError(f"byte {position}: the file ends within the size of {tag.decode()}")
    (size,) = struct.unpack_from("<I", data, position + 4)
    start, end = position + 8, position + 8 + size
    if end > len(data):
        raise ContainerError(f"byte {position}: {tag.decode()} is to have {size} bytes, {len(data) - start} are there")
    return data[start:end], end


def _thaw(payload: bytes) -> tuple[tuple[DeviceFile, ...], bytes]:
    """The files of a frozen payload, in the order of its list, and what follows the list."""
    if len(payload) < HEADER_SIZE:
        raise ContainerError("mx@c: the payload ends within its header")
    header_size, list_at = struct.unpack_from(">IQ", payload, 4)
    if header_size != HEADER_SIZE:
        raise ContainerError(f"mx@c: the header has {HEADER_SIZE} bytes, here {header_size}")
    if payload[list_at : list_at + 4] != b"dlst" or list_at + 8 > len(payload):
        raise ContainerError(f"mx@c: no list of files at byte {list_at} of the payload")
    (list_size,) = struct.unpack_from(">I", payload, list_at + 4)
    ends_at = list_at + list_size
    if list_size < 8 or ends_at > len(payload):
        raise ContainerError(f"dlst: is to have {list_size} bytes, {len(payload) - list_at} are there")
    files = []
    position, begins_at = list_at + 8, HEADER_SIZE
    while position < ends_at:
        entry, position = _field(payload[:ends_at], position, b"dire")
        file = _entry(entry, payload, list_at, begins_at)
        files.append(file)
        begins_at += len(file.content)
    if not files:
        raise ContainerError("dlst: the list of files is empty")
    if begins_at != list_at:
        raise ContainerError(f"mx@c: bytes {begins_at} to {list_at} of the payload belong to no file")
    return tuple(files), payload[ends_at:]


def _field(data: bytes, position: int, tag: bytes) -> tuple[bytes, int]:
    """The payload of a tag with a big-endian size that counts itself, and where the next one begins."""
    if data[position : position + 4] != tag or position + 8 > len(data):
        raise ContainerError(f"list of files: expected {tag.decode()}, found {data[position : position + 4]!r}")
    (size,) = struct.unpack_from(">I", data, position + 4)
    if size < 8 or position + size > len(data):
        raise ContainerError(f"list of files: {tag.decode()} of {size} bytes, {len(data) - position} are there")
    return data[position + 8 : position + size], position + size


def _entry(entry: bytes, payload: bytes, list_at: int, begins_at: int) -> DeviceFile:
    """The file that one entry of the list tells of; `begins_at` is where the one before ended."""
    fields = {}
    position = 0
    for field in _FIELDS:
        fields[field], position = _field(entry, position, field.encode())
    if position != len(entry):
        raise ContainerError(f"list of files: {len(entry) - position} bytes too many in an entry")
    numbers = {field: _u32(fields[field], field) for field in ("sz32", "of32", "vers", "flag", "mdat")}
    if len(fields["type"]) != 4:
        raise ContainerError(f"list of files: type has 4 bytes, here {len(fields['type'])}")
    letters = fields["fnam"].rstrip(b"\0")
    if not letters.isascii() or b"\0" in letters or fields["fnam"] != _padded(letters):
        raise ContainerError(f"list of files: {fields['fnam']!r} is no name in ASCII, padded to four bytes")
    name = letters.decode("ascii")
    start, end = numbers["of32"], numbers["of32"] + numbers["sz32"]
    if start != begins_at or end > list_at:
        raise ContainerError(
            f"{name}: lies at bytes {start} to {end} of the payload, expected from {begins_at} to {list_at} at most"
        )
    return DeviceFile(
        name,
        fields["type"].decode("latin-1"),
        payload[start:end],
        numbers["flag"],
        numbers["mdat"],
        numbers["vers"],
    )


def _u32(field: bytes, name: str) -> int:
    if len(field) != 4:
        raise ContainerError(f"list of files: {name} has 4 bytes, here {len(field)}")
    return int.from_bytes(field, "big")


def _padded(name: bytes) -> bytes:
    """The name with one NUL or more, to a multiple of four bytes."""
    return name + b"\0" * (4 - len(name) % 4)


def _freeze(files: tuple[DeviceFile, ...]) -> bytes:
    """The payload that holds the files and their list."""
    offset = HEADER_SIZE
    entries = []
    for file in files:
        entries.append(_tagged(b"dire", _entry_bytes(file, offset)))
        offset += len(file.content)
    contents = b"".join(file.content for file in files)
    return struct.pack(">4sIQ", b"mx@c", HEADER_SIZE, offset) + contents + _tagged(b"dlst", b"".join(entries))


def _entry_bytes(file: DeviceFile, offset: int) -> bytes:
    """The fields of one entry of the list."""
    if not file.name.isascii() or "\0" in file.name:
        raise ContainerError(f"{file.name!r}: the name of a file in a device is in ASCII")
    values = (
        _four_letters(file.kind),
        _padded(file.name.encode("ascii")),
        *(struct.pack(">I", n) for n in (len(file.content), offset, file.version, file.flag, file.made_at)),
    )
    return b"".join(_tagged(name.encode(), value) for name, value in zip(_FIELDS, values, strict=True))


def _tagged(tag: bytes, payload: bytes) -> bytes:
    return tag + struct.pack(">I", len(payload) + 8) + payload


def _four_letters(kind: str) -> bytes:
    letters = kind.encode("latin-1", "replace")
    if len(letters) != 4:
        raise ContainerError(f"{kind!r}: a kind has four letters, such as JSON")
    return letters
