"""Environment variables for libraries: no telemetry, no model hub, and caches in MuseAroo's folder.

Libraries read it when they are imported, and child processes inherit it. So each of our programs calls
`prepare_libraries` first; `bridge.process.child_process` sets it for children of other programs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import make_private_folder

SINGLE_THREADED: Final = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Number of BLAS threads, on Linux and Windows, and on macOS: one, because on a busy machine two mostly wait for each
other. The user's own values take precedence."""

SILENT: Final = {
    # onnxruntime contacts Microsoft, and stores a machine id in the user's home.
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub reports library versions, and downloads a list of programs to detect and report.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # The convention of other tools.
    "DO_NOT_TRACK": "1",
    # Without this, matplotlib runs fontconfig, which writes caches in the system's folders. Its own fonts suffice.
    "MPL_IGNORE_SYSTEM_FONTS": "1",
}
"""Variables that disable telemetry and writes elsewhere, whatever the user has set."""

OFFLINE: Final = {"HF_HUB_OFFLINE": "1"}
"""Keeps huggingface_hub, and transformers through it, from asking the hub for missing files."""

CACHES: Final = {
    "CUDA_CACHE_PATH": "cuda",
    "MPLCONFIGDIR": "matplotlib",
    "NUMBA_CACHE_DIR": "numba",
    "PYTORCH_KERNEL_CACHE_PATH": "torch",
    "TORCHINDUCTOR_CACHE_DIR": "torchinductor",
    "TRITON_CACHE_DIR": "triton",
}
"""Cache folders of libraries, each in `FOLDER`. The user's own values take precedence."""

FOLDER: Final = "libraries"
"""The libraries' folder in MuseAroo's folder."""


def environment_for_libraries(home: Path, *, may_fetch: bool = False) -> dict[str, str]:
    """Return the variables that must be set for MuseAroo in the folder `home`; some may be set already.

    `may_fetch`: whether the hub may be asked; the user's own HF_HUB_OFFLINE still forbids it.
    """
    defaults = dict.fromkeys(SINGLE_THREADED, "1") | {
        name: str((home / FOLDER / folder).absolute()) for name, folder in CACHES.items()
    }
    kept = {name: value for name, value in defaults.items() if name not in os.environ}
    return kept | SILENT | ({} if may_fetch else OFFLINE)


def prepare_libraries(home: Path, *, may_fetch: bool = False) -> None:
    """Set these variables for this process and its children. Call this before any library is imported."""
    os.environ.update(environment_for_libraries(home, may_fetch=may_fetch))


@contextlib.contextmanager
def private_cache(variable: str) -> Iterator[None]:
    """Redirect a library's cache to the folder of one of `CACHES` while it is imported.

    The folder is private to the user.
    """
    folder, before = Path(os.environ[variable]), os.environ.get("XDG_CACHE_HOME")
    # If it cannot be created, libraries choose another one.
    with contextlib.suppress(OSError):
        make_private_folder(folder)
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        del os.environ["XDG_CACHE_HOME"]
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before
