"""Sounds by what is heard: the key is that of the samples, whatever file they are in.

Integer samples become FLAC, floats zstd, and files that are compressed already (MP3, Ogg) stay as they are. A header or
a tag that changes costs nothing, and a file that was moved is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from musearoo.bridge.audio.files import AudioFileError, find_file
from musearoo.bridge.settings.home_files import private_opener
from musearoo.bridge.versions.blobs import BlobStore, FolderBlobs, MissingBlobError, VersionsError
from musearoo.bridge.versions.objects import DamagedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

FOLDER: Final = "sounds"
BLOCK: Final = 1 << 16
"""Frames that are read at a time."""
FLAC_LEVEL: Final = 0.3
"""Of libsndfile's 0..1. Measured on 24-bit stereo: 246 MB/s; its own choice reaches 98 MB/s for 1 % fewer bytes."""
ZSTD_LEVEL: Final = 3
FLAC_CHANNELS: Final = 8
FLAC_RATE: Final = 655_350

_FORMATS: Final = {
    "PCM_S8": ("s8", "int16", "PCM_S8"),
    "PCM_U8": ("s8", "int16", "PCM_S8"),
    "PCM_16": ("s16", "int16", "PCM_16"),
    "PCM_24": ("s24", "int32", "PCM_24"),
    "PCM_32": ("s32", "int32", ""),
    "FLOAT": ("f32", "float32", ""),
    "DOUBLE": ("f64", "float64", ""),
}
"""By libsndfile's subtypes: our name, how samples are read, and the FLAC subtype that has them whole, "" for none.

What is compressed already has other subtypes."""
_WAV: Final = {"s8": "PCM_U8", "s16": "PCM_16", "s24": "PCM_24", "s32": "PCM_32", "f32": "FLOAT", "f64": "DOUBLE"}
_READ_AS: Final = {name: dtype for name, dtype, _ in _FORMATS.values()}
LARGEST_WAV: Final = 4_000_000_000
"""Bytes of samples that a plain WAV can have: its sizes are 32 bits."""


def _ignore(_: object) -> None:
    """Do nothing."""


class SampleHeader(msgspec.Struct, frozen=True):
    """What stands before the samples of a zstd sound, and goes into every key. `format` such as "s24", "f32"."""

    rate: int
    channels: int
    format: str


@dataclass(frozen=True, slots=True)
class SoundBlob:
    """Where a sound is kept: its key, and the name of its blob, whose ending tells how it is packed."""

    key: str
    name: str

    @classmethod
    def of(cls, key: str, ending: str) -> SoundBlob:
        return cls(key, f"{stem_of_sound(key)}.{ending}")


def stem_of_sound(key: str) -> str:
    """Return the name of a sound's blob without its ending."""
    return f"{FOLDER}/{key[:2]}/{key[2:]}"


def find_sound(blobs: BlobStore, key: str) -> SoundBlob:
    """Return where a sound is kept. Raises MissingBlobError."""
    for each in blobs.list(f"{stem_of_sound(key)}."):
        return SoundBlob(key, each.name)
    raise MissingBlobError(stem_of_sound(key))


class Sounds:
    """The sounds in a blob store; `scratch` is a folder on this machine for drafts."""

    def __init__(self, blobs: BlobStore, scratch: FolderBlobs) -> None:
        self.blobs = blobs
        self._scratch = scratch

    def put(self, path: Path, allowed: Sequence[Path] | None = None, on_bytes: Callable[[int], None] = _ignore) -> str:
        """Store the sound of a file, and return its key.

        `allowed` are the folders that it must be in, `on_bytes` is told the bytes of each block. Raises AudioFileError
        for a file that cannot be read, VersionsError for one that changes meanwhile, and OSError for a full disk.
        """
        found = find_file(path, allowed)
        draft = self._scratch.draft()
        try:
            blob = _pack(found.path, draft, on_bytes)
            if found.has_changed():
                raise VersionsError(f"{path} is still being written: it is kept with the next version.")
            self.blobs.take_in(blob.name, draft)
        finally:
            draft.unlink(missing_ok=True)
        return blob.key

    def restore(self, key: str, path: Path) -> Path:
        """Write a sound to a new file, and return its path, which gets the ending that fits.

        Integer and float samples become a WAV with the same samples. Raises MissingBlobError, DamagedError where the
        samples are not those that were stored, and OSError; then nothing is left.
        """
        blob = find_sound(self.blobs, key)
        packed = self._scratch.draft()
        packed.unlink()
        ending = blob.name.partition(".")[2]
        target = path.with_name(f"{path.name}.{ending if ending not in ('flac', 'zst') else 'wav'}")
        try:
            self.blobs.fetch(blob.name, packed)
            _unpack(packed, blob, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        finally:
            packed.unlink(missing_ok=True)
        return target

    def verify(self, blob: SoundBlob) -> None:
        """Read a sound whole. Raises MissingBlobError and DamagedError."""
        packed = self._scratch.draft()
        packed.unlink()
        try:
            self.blobs.fetch(blob.name, packed)
            verify_file(packed, blob)
        finally:
            packed.unlink(missing_ok=True)


def verify_file(packed: Path, blob: SoundBlob) -> None:
    """Read a packed sound in a file whole. Raises DamagedError if it is not the blob's."""
    _unpack(packed, blob, None)


def _pack(path: Path, draft: Path, on_bytes: Callable[[int], None]) -> SoundBlob:
    """Write the sound of a file packed into a draft. Raises AudioFileError."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as source:
            form = _FORMATS.get(source.subtype)
            if form is not None:
                return _pack_samples(source, form, draft, on_bytes)
    except (soundfile.LibsndfileError, ValueError):
        # One that only PyAV reads, such as M4A; or none at all, which is kept as well: what Live plays, Live reads.
        pass
    return _copy(path, draft, on_bytes)


def _pack_samples(source: Any, form: tuple[str, str, str], draft: Path, on_bytes: Callable[[int], None]) -> SoundBlob:
    import soundfile
    import zstandard

    name, dtype, subtype = form
    header = SampleHeader(source.samplerate, source.channels, name)
    hashed = _hash_of(header)

    def blocks() -> Iterator[npt.NDArray[np.generic]]:
        while len(block := source.read(BLOCK, dtype=dtype, always_2d=True)):
            content = block.tobytes()
            hashed.update(content)
            on_bytes(len(content))
            yield block

    if subtype and source.channels <= FLAC_CHANNELS and source.samplerate <= FLAC_RATE and source.frames:
        with soundfile.SoundFile(
            draft, "w", header.rate, header.channels, subtype, format="FLAC", compression_level=FLAC_LEVEL
        ) as target:
            for block in blocks():
                target.write(block)
        return SoundBlob.of(hashed.hexdigest(), "flac")
    with draft.open("wb") as stream, zstandard.ZstdCompressor(ZSTD_LEVEL).stream_writer(stream) as writer:
        head = msgspec.msgpack.encode(header)
        writer.write(len(head).to_bytes(4, "big") + head)
        for block in blocks():
            writer.write(block.tobytes())
    return SoundBlob.of(hashed.hexdigest(), "zst")


def _copy(path: Path, draft: Path, on_bytes: Callable[[int], None]) -> SoundBlob:
    hashed = hashlib.sha256(b"file\0")
    try:
        with path.open("rb") as source, draft.open("wb") as target:
            while content := source.read(1 << 20):
                hashed.update(content)
                on_bytes(len(content))
                target.write(content)
    except OSError as error:
        if error.filename != str(path):
            raise
        raise AudioFileError(f"{path} cannot be read ({error.strerror}): mend its rights or its disk.") from error
    ending = path.suffix.lower().lstrip(".")
    return SoundBlob.of(hashed.hexdigest(), ending if ending.isalnum() and ending not in ("flac", "zst") else "bin")


def _unpack(packed: Path, blob: SoundBlob, target: Path | None) -> None:
    """Write a packed sound to a file, None for nowhere, and check its samples. Raises DamagedError."""
    import soundfile
    import zstandard

    damaged = DamagedError(f"{blob.name} is damaged: musearoo repo fsck tells what is lost with it.")
    ending = blob.name.partition(".")[2]
    try:
        if ending == "flac":
            key = _unpack_flac(packed, target)
        elif ending == "zst":
            key = _unpack_zstd(packed, target)
        else:
            key = _unpack_file(packed, target)
    except (soundfile.LibsndfileError, zstandard.ZstdError, msgspec.MsgspecError, ValueError) as error:
        raise damaged from error
    if key != blob.key:
        raise damaged


def _unpack_flac(packed: Path, target: Path | None) -> str:
    import soundfile

    with soundfile.SoundFile(packed) as source:
        name, dtype, _ = _FORMATS[source.subtype]
        header = SampleHeader(source.samplerate, source.channels, name)
        hashed = _hash_of(header)
        width = 2 if dtype == "int16" else 4
        with _Wav(target, header, is_large=source.frames * header.channels * width > LARGEST_WAV) as write:
            while len(block := source.read(BLOCK, dtype=dtype, always_2d=True)):
                hashed.update(block.tobytes())
                write(block)
    return hashed.hexdigest()


def _unpack_zstd(packed: Path, target: Path | None) -> str:
    import numpy as np
    import zstandard

    with packed.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as reader:
        size = int.from_bytes(_read(reader, 4), "big")
        header = msgspec.msgpack.decode(_read(reader, min(size, 1 << 10)), type=SampleHeader)
        if header.format not in _READ_AS or not 0 < header.channels < 1 << 10:
            raise ValueError("no format of ours")
        dtype = np.dtype(_READ_AS[header.format])
        hashed = _hash_of(header)
        with _Wav(target, header, is_large=packed.stat().st_size > LARGEST_WAV // 2) as write:
            while content := _read(reader, BLOCK * header.channels * dtype.itemsize):
                hashed.update(content)
                write(np.frombuffer(content, dtype).reshape(-1, header.channels))
    return hashed.hexdigest()


def _unpack_file(packed: Path, target: Path | None) -> str:
    hashed = hashlib.sha256(b"file\0")
    with packed.open("rb") as source:
        while content := source.read(1 << 20):
            hashed.update(content)
    if target is not None:
        packed.replace(target)
    return hashed.hexdigest()


class _Wav:
    """A new private WAV file (RF64 for a large one), or none; entering returns what writes a block of samples."""

    def __init__(self, path: Path | None, header: SampleHeader, *, is_large: bool) -> None:
        self._path, self._header, self._format = path, header, "RF64" if is_large else "WAV"
        self._file: Any = None
        self._stream: Any = None

    def __enter__(self) -> Callable[[npt.NDArray[np.generic]], None]:
        if self._path is None:
            return _ignore
        import soundfile

        self._stream = open(self._path, "xb", opener=private_opener)
        header = self._header
        self._file = soundfile.SoundFile(
            self._stream, "w", header.rate, header.channels, _WAV[header.format], format=self._format
        )
        write: Callable[[npt.NDArray[np.generic]], None] = self._file.write
        return write

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if self._stream is not None:
            self._stream.close()


def _hash_of(header: SampleHeader) -> hashlib._Hash:
    return hashlib.sha256(b"sound\0%s\0" % msgspec.msgpack.encode(header))


def _read(reader: Any, count: int) -> bytes:
    """Return `count` bytes, fewer only at the end: a reader of zstd may give fewer."""
    parts: list[bytes] = []
    while count and (part := reader.read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
