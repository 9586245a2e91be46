"""Environment variables for libraries: no telemetry, no model hub, and caches in MuseAroo's folder.

They read it when they are imported, and child processes inherit it. So `prepare_libraries` comes first in every
program of ours; `bridge.process.child_process` sees to it for processes that a program of others starts.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musearoo.bridge.settings.home_files import make_private_folder

SINGLE_THREADED: Final = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""How many threads multiply matrices, on Linux and Windows, and on macOS: one, for on a busy machine two mostly wait
for each other. What the user has set stands."""

SILENT: Final = {
    # onnxruntime looks up Microsoft's host, and keeps an identity of the machine in the user's home.
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub tells the versions of libraries, and fetches a list of programs to look for and tell of.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # What others have agreed on.
    "DO_NOT_TRACK": "1",
    # matplotlib asks fontconfig for fonts, which writes its lists where the system keeps them. Its own fonts do.
    "MPL_IGNORE_SYSTEM_FONTS": "1",
}
"""What keeps libraries from reporting to their makers, and from writing elsewhere, whatever the user has set."""

OFFLINE: Final = {"HF_HUB_OFFLINE": "1"}
"""What keeps huggingface_hub, and transformers by it, from asking the hub for what is not here."""

CACHES: Final = {
    "CUDA_CACHE_PATH": "cuda",
    "MPLCONFIGDIR": "matplotlib",
    "NUMBA_CACHE_DIR": "numba",
    "PYTORCH_KERNEL_CACHE_PATH": "torch",
    "TORCHINDUCTOR_CACHE_DIR": "torchinductor",
    "TRITON_CACHE_DIR": "triton",
}
"""Where libraries keep what they have worked out, each in a folder of `FOLDER`. What the user has set stands."""

FOLDER: Final = "libraries"
"""The folder in MuseAroo's own."""


def environment_for_libraries(home: Path, *, may_fetch: bool = False) -> dict[str, str]:
    """Return the variables that must be set for MuseAroo in the folder `home`, of which some may be already.

    `may_fetch`: whether the hub may be asked, which the user's own HF_HUB_OFFLINE still forbids.
    """
    defaults = dict.fromkeys(SINGLE_THREADED, "1") | {
        name: str((home / FOLDER / folder).absolute()) for name, folder in CACHES.items()
    }
    kept = {name: value for name, value in defaults.items() if name not in os.environ}
    return kept | SILENT | ({} if may_fetch else OFFLINE)


def prepare_libraries(home: Path, *, may_fetch: bool = False) -> None:
    """Set these variables, for this process and its children. To be called before any library is imported."""
    os.environ.update(environment_for_libraries(home, may_fetch=may_fetch))


@contextlib.contextmanager
def private_cache(variable: str) -> Iterator[None]:
    """Lend the folder that one of `CACHES` names to the import of a library, for whatever else that would keep.

    The folder is the user's alone.
    """
    folder, before = Path(os.environ[variable]), os.environ.get("XDG_CACHE_HOME")
    # Where it cannot be made, libraries look for another by themselves.
    with contextlib.suppress(OSError):
        make_private_folder(folder)
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        del os.environ["XDG_CACHE_HOME"]
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before
