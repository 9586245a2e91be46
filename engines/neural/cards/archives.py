"""Check archives written by torch.save, and read small facts from them, without running anything in them.

Such a file is a ZIP archive without compression: one pickle that tells what there is (`<name>/data.pkl`), and the
numbers of each tensor beside it. Here the pickle is only read as a list of its steps.
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
"""Where audiocraft has the codec of a model, or only its name."""

LARGEST_NOTE: Final = 1_000_000
"""Bytes: a file that only names a codec has some hundred, one that holds it has some hundred million."""

_TEXT: Final = frozenset({"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"})

# What the standard library raises over an archive that is not what it should be.
_BROKEN: Final = (EOFError, LookupError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)


def find_break(path: Path, thoroughly: bool = False) -> str:
    """Why a file is no whole archive of torch, as the end of a sentence; empty where it is one. Raises OSError.

    An archive has its table of contents at its end, so that one which is cut short is known at once. `thoroughly`
    reads all of it too, and holds each part against its CRC-32.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if not any(name.endswith("/data.pkl") for name in archive.namelist()):
                return "is broken: it is an archive, but not of a model"
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                # torch packs nothing: what is packed may grow to any size.
                return "is broken: it is an archive that torch did not write"
            damaged = archive.testzip() if thoroughly else None
            return f"is broken: {damaged} in it is damaged" if damaged else ""
    except (*_BROKEN, OSError) as error:
        # A spoilt table may lead to a place before the file's start; any other error of the system is the disk's.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        return "is broken: it has no end, or is no archive at all"


def find_named_codec(path: Path) -> str:
    """The codec that a file of audiocraft names instead of holding one; empty where it holds one, or is broken."""
    # Here, for the daemon starts with this module, and most models need none of it.
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
    # A dict is pickled key, value, key, value.
    return next((str(after) for key, after in pairwise(texts) if key == "pretrained"), "")
