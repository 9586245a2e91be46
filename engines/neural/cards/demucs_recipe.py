"""The files of a Demucs model, in the forms of demucs 4.1. Imports nothing heavy.

`<name>.yaml` names its parts and says what each gives; each part is `<signature>.safetensors`, or the pickle
`<signature>-<digits>.th` that it was first published as.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musearoo.engines.errors import EngineError, PresetError
from musearoo.engines.foundation.parsing import parse_yaml
from musearoo.engines.neural.cards.description import cure
from musearoo.engines.regular_files import read_text


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a model's YAML says: the files of its parts, and how much of each source each part gives, None for all."""

    files: tuple[Path, ...]
    weights: tuple[tuple[float, ...], ...] | None


def read_recipe(folder: Path, name: str) -> Recipe:
    """What a model consists of; raises EngineError where files are missing or its YAML is not of that form."""
    signatures, rows = _read_parts(folder, name)
    return Recipe(tuple(_find_weights(folder, signature, name) for signature in signatures), rows or None)


def read_signatures(folder: Path, name: str) -> tuple[str, ...]:
    """The signatures of a model's parts, whether their files are there or not; raises EngineError as `read_recipe`."""
    return _read_parts(folder, name)[0]


def _read_parts(folder: Path, name: str) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    """The parts' signatures, and how much of each source each gives, nothing for all."""
    bag = _read_bag(folder, name)
    signatures = _require_signatures(bag, folder, name)
    try:
        rows = tuple(tuple(float(weight) for weight in row) for row in bag.get("weights") or ())
    except (TypeError, ValueError) as error:
        raise broken(folder / f"{name}.yaml", name, "its weights are no numbers") from error
    if rows and len(rows) != len(signatures):
        raise broken(folder / f"{name}.yaml", name, "it does not say what each part gives")
    return signatures, rows


def broken(path: Path, name: str, why: str) -> EngineError:
    """What is said of a file that is not what it should be, with the cure."""
    return EngineError(f"{path} is not what the model {name} needs ({why}): remove it, then {cure(name)}.")


def _read_bag(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.yaml"
    try:
        bag = parse_yaml(read_text(path), path.name)
    except FileNotFoundError:
        raise EngineError(f"There is no model {name} in {folder}: {cure(name)}.") from None
    except (OSError, PresetError) as error:
        raise broken(path, name, "it cannot be read") from error
    if not isinstance(bag, dict):
        raise broken(path, name, "it names no parts")
    return bag


def _require_signatures(bag: dict[str, Any], folder: Path, name: str) -> tuple[str, ...]:
    signatures = bag.get("models")
    named = [part for part in signatures if isinstance(part, str)] if isinstance(signatures, list) else []
    if not named or named != signatures:
        raise broken(folder / f"{name}.yaml", name, "it names no parts")
    for signature in named:
        # They become names of files.
        if not re.fullmatch(r"[\w-]+", signature):
            raise broken(folder / f"{name}.yaml", name, f"it names {signature!r}, which is no file of this folder")
    return tuple(named)


def _find_weights(folder: Path, signature: str, name: str) -> Path:
    """The file of a part, the safe form before the pickle."""
    path = folder / f"{signature}.safetensors"
    if path.is_file():
        return path
    pickles = sorted(path for path in folder.glob(f"{signature}-*.th") if path.is_file())
    if not pickles:
        raise EngineError(f"The model {name} in {folder} lacks {path.name}: {cure(name)}.")
    return pickles[0]
