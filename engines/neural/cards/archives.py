"""Validate archives written by torch.save and read small facts from them, without executing pickled code.

Such a file is an uncompressed ZIP archive: one pickle that describes the contents (`<name>/data.pkl`), plus the
raw numbers of each tensor. Here the pickle is only read as a list of opcodes.
"""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path
from typing import Final

CODEC_FILE: Final = "compression_state_dict.bin"
"""The file in which audiocraft stores a model's codec, or only the codec's name."""

LARGEST_NOTE: Final = 1_000_000
"""Bytes. A file that only names a codec has a few hundred; one with the codec's weights, a few hundred million."""

_TEXT: Final = frozenset({"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"})

# Exceptions that the standard library raises for a malformed archive.
_BROKEN: Final = (EOFError, LookupError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)


def find_break(path: Path, thoroughly: bool = False) -> str:
    """Return why a file is no intact torch archive, as the end of a sentence; "" if it is intact. Raises OSError.

    A ZIP archive has its table of contents at the end, so a truncated file is found at once. `thoroughly` also
    reads every entry and checks its CRC-32.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if not any(name.endswith("/data.pkl") for name in archive.namelist()):
                return "is broken: it is an archive, but not of a model"
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                # torch does not compress, and a compressed entry could expand to any size.
                return "is broken: it is an archive that torch did not write"
            damaged = archive.testzip() if thoroughly else None
            return f"is broken: {damaged} in it is damaged" if damaged else ""
    except (*_BROKEN, OSError) as error:
        # A corrupt table may give a negative file offset (EINVAL); any other system error comes from the disk.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        return "is broken: it has no end, or is no archive at all"


def find_named_codec(path: Path) -> str:
    """Return the codec that an audiocraft file names instead of containing; "" if it contains one or is broken."""
    # Imported here: the daemon loads this module at startup, and most models do not need pickletools.
    import pickletools

    try:
        if path.stat().st_size > LARGEST_NOTE:
            return ""
        with zipfile.ZipFile(path) as archive:
            table = next((entry for entry in archive.infolist() if entry.filename.endswith("/data.pkl")), None)
            if table is None or table.file_size > LARGEST_NOTE:
                return ""
            texts = [step for code, step, _ in pickletools.genops(archive.read(table)) if code.name in _TEXT]
    except (*_BROKEN, OSError):
        return ""
    # A dict is pickled as key, value, key, value.
    return next((str(after) for key, after in pairwise(texts) if key == "pretrained"), "")
