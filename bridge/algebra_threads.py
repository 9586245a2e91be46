"""How many threads NumPy's matrix library takes: one, for on a busy machine two mostly wait for each other."""

import os
from typing import Final

ALGEBRA_THREADS: Final = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What the libraries read at their start, on Linux and Windows, and on macOS."""


def use_one_algebra_thread() -> None:
    """To be called before NumPy is imported; what the user has set stands."""
    for name in ALGEBRA_THREADS:
        os.environ.setdefault(name, "1")
