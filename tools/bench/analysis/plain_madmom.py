"""madmom 0.16.1 as it is, made to run on today's Python and NumPy: to compare with, for our own passes do without it.

Its files stay untouched, and so does NumPy: what it looks for and NumPy no longer has is put into a namespace of its
own, which madmom's modules find under the name `np`.
"""

from __future__ import annotations

import collections
import collections.abc
import contextlib
import importlib
import pkgutil
import sys
import types
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

import numpy as np
import scipy.ndimage

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.madmom.package import HOW_TO_GET, require_madmom

_OLD_NUMPY: Final = {"float": float, "int": int, "object": object, "complex": complex, "str": str, "in1d": np.isin}
"""Names that NumPy 1.24 and 2.4 took away; `np.bool` is back in NumPy 2 with a meaning of its own and stays so."""


@cache
def import_madmom() -> types.ModuleType:
    """The package madmom with all its modules imported, ready to use; raises EngineError where it cannot be."""
    package = require_madmom()
    try:
        with _old_names():
            madmom = importlib.import_module("madmom")
            found = pkgutil.walk_packages(madmom.__path__, "madmom.")
            modules = [importlib.import_module(each.name) for each in found if not each.name.endswith("conftest")]
    except (ImportError, AttributeError, ValueError) as error:
        raise EngineError(f"madmom {package.version} cannot be imported ({error}): {HOW_TO_GET} anew.") from error
    numpy = _make_numpy()
    for module in modules:
        if getattr(module, "np", None) is np:
            module.__dict__["np"] = numpy
    return madmom


@contextlib.contextmanager
def _old_names() -> Iterator[None]:
    """Has the modules and names that madmom looks for at its import, for that long."""
    missing = [name for name in _OLD_NUMPY if name not in vars(np)]
    modules = {name: module for name, module in _make_modules().items() if not _can_import(name)}
    # Its layers import this at every call; SciPy still has it, but warns each time.
    sys.modules["scipy.ndimage.filters"] = scipy.ndimage
    sys.modules.update(modules)
    for name in missing:
        setattr(np, name, _OLD_NUMPY[name])
    collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del collections.MutableSequence  # type: ignore[attr-defined]
        for name in missing:
            delattr(np, name)
        for name in modules:
            del sys.modules[name]


def _make_modules() -> dict[str, types.ModuleType]:
    """Modules that Python or setuptools no longer have, with the little that madmom takes from them."""
    resources, distutils, version = (
        types.ModuleType(name) for name in ("pkg_resources", "distutils", "distutils.version")
    )
    resources.__dict__["get_distribution"] = lambda _name: types.SimpleNamespace(version=require_madmom().version)
    # It asks whether SciPy is older than 0.14; for any that runs here the text says the truth.
    version.__dict__["LooseVersion"] = lambda text: tuple(int(part) for part in text.split(".")[:2])
    return {"pkg_resources": resources, "distutils": distutils, "distutils.version": version}


def _can_import(name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module(name)
        except ImportError:
            return False
    return True


def _make_numpy() -> types.ModuleType:
    """NumPy under another name, with what madmom's version of it had."""
    numpy = types.ModuleType("numpy of madmom")
    numpy.__dict__.update(vars(np))
    numpy.__dict__.update(_OLD_NUMPY)
    numpy.__dict__.update(array=_array, asarray=_asarray, maximum=_maximum, vstack=_vstack)
    return numpy


def _array(values: Any, *args: Any, copy: bool | None = True, **options: Any) -> Any:
    """np.array, where `copy=False` means a copy only where it must be, as it did before NumPy 2."""
    return np.array(values, *args, copy=copy or None, **options)


def _asarray(values: Any, *args: Any, **options: Any) -> Any:
    """np.asarray, which makes objects of rows of unequal length, as it did before NumPy 1.24."""
    try:
        return np.asarray(values, *args, **options)
    except ValueError:
        rows = [tuple(row) for row in values]
        array = np.empty((len(rows), len(rows[0])), dtype=object)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                array[place, column] = value
        return array


def _maximum(left: Any, right: Any, out: Any = None) -> Any:
    """np.maximum, which takes the array for its result in third place, as it did before NumPy 2.4."""
    return np.maximum(left, right, out=out)


def _vstack(rows: Iterable[Any]) -> Any:
    """np.vstack, which takes what can be gone through only once, as it did before NumPy 1.16."""
    return np.vstack(tuple(rows))
