"""Errors about a model's files, with their remedies."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.description import remedy
from musearoo.engines.neural.device_memory import ran_out_of_memory

BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)
"""Exceptions that the libraries raise for a malformed file."""


class UnfitError(ValueError):
    """Part of a model is not as expected; the message is a short phrase that goes in brackets after the file's name."""


@contextmanager
def naming_file(path: Path, name: str) -> Iterator[None]:
    """Convert exceptions over a file of the model `name` to an EngineError that names the file and the remedy.

    Out-of-memory errors pass, and so do EngineErrors.
    """
    try:
        yield
    except EngineError:
        raise
    except FileNotFoundError:
        raise missing(path, name) from None
    except BROKEN as error:
        if ran_out_of_memory(error):
            raise
        why = str(error).strip().partition("\n")[0] if isinstance(error, UnfitError | OSError) else "it is broken"
        raise EngineError(
            f"{path} is not what the model {name} needs ({why}): remove it, then {remedy(name)}."
        ) from error


@contextmanager
def adding_remedy(path: Path, name: str) -> Iterator[None]:
    """Add the file's path, if missing, and the remedy to an EngineError about the content of a file."""
    try:
        yield
    except EngineError as error:
        message = str(error) if str(path) in str(error) else f"{path}: {error}"
        raise EngineError(f"{message.rstrip('.')}: {remedy(name)}.") from error


def missing(path: Path, name: str) -> EngineError:
    """Return the error for a missing file."""
    return EngineError(f"The model {name} in {path.parent} lacks {path.name}: {remedy(name)}.")
