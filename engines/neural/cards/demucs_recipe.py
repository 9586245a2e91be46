"""Read a Demucs model's recipe, in the format of demucs 4.1. Imports nothing heavy.

`<name>.yaml` names the networks and how much of each source each one contributes. A network is
`<signature>.safetensors`, or the pickle `<signature>-<digits>.th` as it was first published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musearoo.engines.errors import EngineError, PresetError
from musearoo.engines.foundation.parsing import parse_yaml
from musearoo.engines.neural.cards.description import remedy
from musearoo.engines.regular_files import read_text


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model's YAML: the files of its networks, and each network's weight per source (None: all sources)."""

    files: tuple[Path, ...]
    weights: tuple[tuple[float, ...], ...] | None


def read_recipe(folder: Path, name: str) -> Recipe:
    """Read a model's recipe. Raises EngineError if files are missing or the YAML is malformed."""
    signatures, rows = _read_parts(folder, name)
    return Recipe(tuple(_find_weights(folder, signature, name) for signature in signatures), rows or None)


def read_signatures(folder: Path, name: str) -> tuple[str, ...]:
    """Return the signatures of a model's networks, even if their files are missing; raises as `read_recipe`."""
    return _read_parts(folder, name)[0]


def _read_parts(folder: Path, name: str) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    """Return the networks' signatures and their weights per source (empty: all sources)."""
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
    """Return the error for a malformed file, with its remedy."""
    return EngineError(f"{path} is not what the model {name} needs ({why}): remove it, then {remedy(name)}.")


def _read_bag(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.yaml"
    try:
        bag = parse_yaml(read_text(path), path.name)
    except FileNotFoundError:
        raise EngineError(f"There is no model {name} in {folder}: {remedy(name)}.") from None
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
        # They become file names.
        if not re.fullmatch(r"[\w-]+", signature):
            raise broken(folder / f"{name}.yaml", name, f"it names {signature!r}, which is no file of this folder")
    return tuple(named)


def _find_weights(folder: Path, signature: str, name: str) -> Path:
    """Return the file of a network, safetensors before pickle."""
    path = folder / f"{signature}.safetensors"
    if path.is_file():
        return path
    pickles = sorted(path for path in folder.glob(f"{signature}-*.th") if path.is_file())
    if not pickles:
        raise EngineError(f"The model {name} in {folder} lacks {path.name}: {remedy(name)}.")
    return pickles[0]
