"""Encode and decode the `.amxd` container: bytes to frozen data and back.

A file is a sequence of chunks, each with a four-letter tag and a size, little-endian:

    "ampf" 4 kind | "meta" 4 number | "ptch" N payload

The payload of an unfrozen device is its patcher as JSON, followed by a NUL. That of a frozen device contains the device
and its dependencies, big-endian: "mx@c", 16, the offset of the directory (u64), the files one after another, then the
directory "dlst" with one entry "dire" per file.

`pack` and `unpack` are inverse, byte for byte. They were checked on 159 devices from 19 public repositories, saved by
Max 5 to 9.2: 155 round-trip (46 of them frozen); one is encrypted, and three were not made by Max and are incomplete.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

FROZEN_META = 7
"""The meta chunk of frozen devices saved by Max 8.6 and 9.

Unfrozen ones have 1, and old ones other numbers or no such chunk.
"""

DEVICE_FLAG = 0x11
"""The flag of the file that is the device itself; its dependencies have 0 or 8."""

HEADER_SIZE = 16
"""Bytes of "mx@c", the header's size and the directory's offset; file offsets count from "mx@c"."""

_FIELDS = ("type", "fnam", "sz32", "of32", "vers", "flag", "mdat")
"""An entry's fields in the order in which Max writes them."""


class ContainerError(ValueError):
    """The bytes are not a readable device; the text says where and what is wrong."""


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """One file in a container.

    `kind` is Max's four letters: "JSON" for a patcher, "TEXT" for a script, "svg " for a picture. `made_at` is in
    seconds since the start of 1904, as in Max. The file of an unfrozen device has no name.
    """

    name: str
    kind: str
    content: bytes
    flag: int = 0
    made_at: int = 0
    version: int = 0

    @property
    def text(self) -> str:
        """The file's text, without the NULs at its end."""
        return self.content.rstrip(b"\0").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Container:
    """The contents of an `.amxd` file; the first file is the device. `meta` is None when the chunk is missing.

    `kind` is "aaaa" for an audio effect, "mmmm" for a MIDI effect, "iiii" for an instrument, "nagg" and "natt" for MIDI
    generators and transformations.

    `left_over` is what follows the directory of a frozen device within its chunk: old versions of Max left bytes there
    when a device became smaller. `rest` is what follows the last chunk. Both are empty in a valid file.
    """

    kind: str
    files: tuple[DeviceFile, ...]
    frozen: bool
    meta: int | None
    left_over: bytes = b""
    rest: bytes = b""

    def file(self, name: str) -> DeviceFile:
        """Return the file with a name. Raises ContainerError, which lists the names."""
        for file in self.files:
            if file.name == name:
                return file
        raise ContainerError(f"no file {name} in the device, there are: {', '.join(f.name for f in self.files)}")

    def patcher(self) -> dict[str, Any]:
        """Return the device's patcher: the value of "patcher" in its JSON."""
        try:
            # Some versions of Max left bytes after the JSON when a patcher got shorter; Max itself ignores them.
            document, _ = json.JSONDecoder().raw_decode(self.files[0].text)
        except ValueError as error:
            raise ContainerError(f"the device's patcher is not JSON: {error}") from error
        if not isinstance(document, dict) or not isinstance(document.get("patcher"), dict):
            raise ContainerError("the device's JSON has no patcher")
        patcher: dict[str, Any] = document["patcher"]
        return patcher


def unpack(data: bytes) -> Container:
    """Decode the bytes of an `.amxd` file; the inverse of `pack`. Raises ContainerError."""
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
    """Encode an `.amxd` file; the inverse of `unpack`. Raises ContainerError for data that Max could not read."""
    kind = _four_letters(container.kind)
    if not container.files:
        raise ContainerError("the device has no file")
    if not container.frozen and len(container.files) != 1:
        raise ContainerError(f"an unfrozen device has one file, its patcher, not {len(container.files)}")
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
    """Return the payload of the chunk with this tag, and the position of the next one."""
    found = data[position : position + 4]
    if found != tag:
        raise ContainerError(f"byte {position}: expected {tag.decode()}, found {found!r}; is this an .amxd file?")
    if len(data) < position + 8:
        raise ContainerError(f"byte {position}: the file ends within the size of {tag.decode()}")
    (size,) = struct.unpack_from("<I", data, position + 4)
    start, end = position + 8, position + 8 + size
    if end > len(data):
        raise ContainerError(f"byte {position}: {tag.decode()} must have {size} bytes, but has {len(data) - start}")
    return data[start:end], end


def _thaw(payload: bytes) -> tuple[tuple[DeviceFile, ...], bytes]:
    """Return the files of a frozen payload, in directory order, and the bytes after the directory."""
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
        raise ContainerError(f"dlst: must have {list_size} bytes, but has {len(payload) - list_at}")
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
    """Return the payload of a tag whose big-endian size includes the header, and the position of the next one."""
    if data[position : position + 4] != tag or position + 8 > len(data):
        raise ContainerError(f"list of files: expected {tag.decode()}, found {data[position : position + 4]!r}")
    (size,) = struct.unpack_from(">I", data, position + 4)
    if size < 8 or position + size > len(data):
        raise ContainerError(f"list of files: {tag.decode()} must have {size} bytes, but has {len(data) - position}")
    return data[position + 8 : position + size], position + size


def _entry(entry: bytes, payload: bytes, list_at: int, begins_at: int) -> DeviceFile:
    """Return the file of one directory entry; `begins_at` is the end of the previous file."""
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
        raise ContainerError(f"list of files: {fields['fnam']!r} is not an ASCII name padded to four bytes")
    name = letters.decode("ascii")
    start, end = numbers["of32"], numbers["of32"] + numbers["sz32"]
    if start != begins_at or end > list_at:
        raise ContainerError(
            f"{name}: is at bytes {start} to {end} of the payload, expected from {begins_at} to {list_at} at most"
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
    """Return the name with one NUL or more, padded to a multiple of four bytes."""
    return name + b"\0" * (4 - len(name) % 4)


def _freeze(files: tuple[DeviceFile, ...]) -> bytes:
    """Return the payload with the files and their directory."""
    offset = HEADER_SIZE
    entries = []
    for file in files:
        entries.append(_tagged(b"dire", _entry_bytes(file, offset)))
        offset += len(file.content)
    contents = b"".join(file.content for file in files)
    return struct.pack(">4sIQ", b"mx@c", HEADER_SIZE, offset) + contents + _tagged(b"dlst", b"".join(entries))


def _entry_bytes(file: DeviceFile, offset: int) -> bytes:
    """Return the fields of one directory entry."""
    if not file.name.isascii() or "\0" in file.name:
        raise ContainerError(f"{file.name!r}: the name of a file in a device must be ASCII")
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
