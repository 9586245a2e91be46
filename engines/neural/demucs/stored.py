"""Read Demucs network files, configuration and tensors, without running code in them.

The current format is safetensors, with the constructor's arguments as JSON in its header. The older one is a pickle,
read by torch's weights-only unpickler, which accepts tensors, plain data, and the few names in `_KNOWN`.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import torch

from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.neural.cards.archives import find_break
from musearoo.engines.neural.cards.catalogue import find_model

CLASS: Final = "demucs.htdemucs.HTDemucs"
"""The only class that a weight file may name."""

MOST_VALUES: Final = 1_000
MOST_DEPTH: Final = 8
"""Bounds of the constructor's arguments: real ones have some sixty values, in lists at most."""

LARGEST_NUMBER: Final = 1 << 20
MOST_LAYERS: Final = 64
"""Larger numbers would build a network for hours, or exhaust memory."""
LAYERS: Final = ("depth", "dconv_depth", "t_layers")

_READING: Final = threading.Lock()
"""The names that torch's unpickler accepts are one global setting."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredNetwork:
    """A network's constructor arguments, as plain data, and its tensors by name."""

    args: list[Any]
    kwargs: dict[str, Any]
    state: Mapping[str, Any]


def read_safetensors(path: Path) -> StoredNetwork:
    """Read a Demucs .safetensors file; raises ValueError, or what safetensors raises, for anything else."""
    from safetensors import safe_open

    with safe_open(str(path), framework="pt") as file:
        read = file.metadata() or {}
        if read.get("klass") != CLASS:
            raise ValueError(f"it is for {read.get('klass') or 'something unnamed'}, not for {CLASS}")
        if "structure" in read:
            raise ValueError("its tensors are packed in a way of their own")
        args = parse_json(read.get("args", ""), "how it is made", list[Any])
        kwargs = parse_json(read.get("kwargs", ""), "how it is made", dict[str, Any])
        return _check(args, kwargs, {key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118


def read_pickle(path: Path, name: str) -> StoredNetwork:
    """Read a .th file of the model `name`; raises ValueError or pickle.UnpicklingError for anything else.

    Its checksum must be the published one in the catalogue.
    """
    _require_published(path, name)
    if flaw := find_break(path):
        raise ValueError(f"it {flaw}")
    with _READING, torch.serialization.safe_globals([(value, key) for key, value in _KNOWN.items()]):
        package = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(package, dict) or package.get("klass") is not _HTDemucs:
        raise ValueError(f"it is for something else, not for {CLASS}")
    return _check(package.get("args"), package.get("kwargs"), package.get("state"))


def _require_published(path: Path, name: str) -> None:
    known = find_model(name, "demucs").form.find_sha256(path.name)
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != known:
        raise ValueError("it is not the file that was published under this name")


def _check(args: Any, kwargs: Any, state: Any) -> StoredNetwork:
    """Return the stored network; raises ValueError unless the arguments are plain data of plausible size."""
    if not isinstance(args, list | tuple) or not isinstance(kwargs, dict):
        raise ValueError("it does not say how it is made")
    if not isinstance(state, dict) or not all(isinstance(values, torch.Tensor) for values in state.values()):
        raise ValueError("it has no weights")
    left = [MOST_VALUES]
    plain = _as_plain([list(args), kwargs], left, MOST_DEPTH)
    for key in LAYERS:
        if plain[1].get(key, 0) > MOST_LAYERS:
            raise ValueError(f"its {key} is {plain[1][key]}, where {MOST_LAYERS} are possible")
    return StoredNetwork(plain[0], plain[1], state)


def _as_plain(value: Any, left: list[int], depth: int) -> Any:
    """Return a copy of plain data, with fractions restored from their JSON form."""
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        raise ValueError("its arguments are too many")
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float | Fraction):
        if not -LARGEST_NUMBER <= float(value) <= LARGEST_NUMBER:
            raise ValueError(f"it is made with the number {float(value):g}")
        return value
    if isinstance(value, list | tuple):
        return [_as_plain(part, left, depth - 1) for part in value]
    if isinstance(value, dict) and value.get("_type") == "fraction":
        return _make_fraction(value.get("numerator"), value.get("denominator"))
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _as_plain(part, left, depth - 1) for key, part in value.items()}
    raise ValueError(f"its arguments are not plain data ({type(value).__name__})")


class _HTDemucs:
    """Stands in for the network's class; we build the network ourselves."""


class _Unread:
    """Stands in for NumPy scalars among the training results, which are not used."""

    def __init__(self, *_args: object) -> None:
        """Ignore the arguments."""

    def __setstate__(self, _state: object) -> None:
        """Ignore the state."""


def _make_fraction(*parts: Any) -> Fraction:
    """Restore a pickled fraction, from its text or two numbers. `Fraction("1e99999999")` itself would take minutes."""
    text = "/".join(str(part) if isinstance(part, int) else f"{part!s:.20}" for part in parts)
    if not re.fullmatch(r"-?\d{1,9}(/\d{1,9})?", text):
        raise ValueError("it is made with what is no fraction")
    return Fraction(text)


_KNOWN: Final[Mapping[str, Any]] = {
    CLASS: _HTDemucs,
    "fractions.Fraction": _make_fraction,
    "numpy.core.multiarray.scalar": _Unread,
    "numpy._core.multiarray.scalar": _Unread,
    "numpy.dtype": _Unread,
}
"""Names that a pickle may use besides torch's own tensors, and their replacements."""
