"""Unmodified madmom 0.16.1 on current Python and NumPy, for comparison only; our own passes do not use it.

Neither its files nor NumPy are modified: names that NumPy no longer has are added to a separate namespace, which
madmom's modules import as `np`.
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
"""Names that NumPy 1.24 and 2.4 removed; `np.bool` returned in NumPy 2 with a different meaning and is left alone."""


@cache
def import_madmom() -> types.ModuleType:
    """Return the package madmom with all its modules imported. Raises EngineError when that fails."""
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
    """Provide the modules and names that madmom needs during its import."""
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
    """Return the removed modules of Python and setuptools, with the few names that madmom uses."""
    resources, distutils, version = (
        types.ModuleType(name) for name in ("pkg_resources", "distutils", "distutils.version")
    )
    resources.__dict__["get_distribution"] = lambda _name: types.SimpleNamespace(version=require_madmom().version)
    # It asks whether SciPy is older than 0.14; this comparison is correct for any supported version.
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
    """Return a namespace with NumPy's names and those that madmom's version of it had."""
    numpy = types.ModuleType("numpy of madmom")
    numpy.__dict__.update(vars(np))
    numpy.__dict__.update(_OLD_NUMPY)
    numpy.__dict__.update(array=_array, asarray=_asarray, maximum=_maximum, vstack=_vstack)
    return numpy


def _array(values: Any, *args: Any, copy: bool | None = True, **options: Any) -> Any:
    """Return np.array, where `copy=False` means a copy only when necessary, as before NumPy 2."""
    return np.array(values, *args, copy=copy or None, **options)


def _asarray(values: Any, *args: Any, **options: Any) -> Any:
    """Return np.asarray, which makes an object array of rows of unequal length, as before NumPy 1.24."""
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
    """Return np.maximum, which accepts the output array as third argument, as before NumPy 2.4."""
    return np.maximum(left, right, out=out)


def _vstack(rows: Iterable[Any]) -> Any:
    """Return np.vstack, which accepts an iterator, as before NumPy 1.16."""
    return np.vstack(tuple(rows))
