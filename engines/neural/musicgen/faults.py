"""Errors about a model's files, with their cures."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.description import cure
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
"""What the libraries raise over a file that is not what it should be."""


class UnfitError(ValueError):
    """Something of a model is not as it should be: a few words on what, to stand in brackets behind its file."""


@contextmanager
def blaming(path: Path, name: str) -> Iterator[None]:
    """Turns what is raised over a file of the model `name` into an EngineError that names it and the cure.

    Memory that ran out is nobody's fault and passes, and so does what is an EngineError already.
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
            f"{path} is not what the model {name} needs ({why}): remove it, then {cure(name)}."
        ) from error


@contextmanager
def curing(path: Path, name: str) -> Iterator[None]:
    """Adds to an EngineError over what a file of the model `name` holds the file, where it lacks it, and the cure."""
    try:
        yield
    except EngineError as error:
        said = str(error) if str(path) in str(error) else f"{path}: {error}"
        raise EngineError(f"{said.rstrip('.')}: {cure(name)}.") from error


def missing(path: Path, name: str) -> EngineError:
    """What is said of a file that is not there."""
    return EngineError(f"The model {name} in {path.parent} lacks {path.name}: {cure(name)}.")
