"""Lets madmom 0.16.1 run on today's Python and NumPy, without touching its files: for comparison with plain madmom.

It changes the NumPy of the whole process, so only a process of madmom's own may call it.
"""

from __future__ import annotations

import collections
import collections.abc
import sys
from collections.abc import Iterable
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

import numpy as np


def mend_madmom() -> None:
    """Brings back the names that madmom asks for and that NumPy and Python have dropped; needs madmom installed."""
    for name, value in {"float": float, "int": int, "in1d": np.isin}.items():
        if not hasattr(np, name):
            setattr(np, name, value)
    if not hasattr(collections, "MutableSequence"):
        collections.MutableSequence = collections.abc.MutableSequence  # type: ignore[attr-defined]
    if "pkg_resources" not in sys.modules:
        sys.modules["pkg_resources"] = _Resources("pkg_resources")
    downbeats: Any = import_module("madmom.features.downbeats")
    downbeats.np = _LenientNumPy()


class _Resources(ModuleType):
    """The one function of setuptools' former module that madmom calls."""

    @staticmethod
    def get_distribution(name: str) -> Any:
        return metadata.distribution(name)


class _LenientNumPy:
    """NumPy, but as it once was with ragged lists and with iterators."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def asarray(values: Any, *others: Any, **named: Any) -> Any:
        try:
            return np.asarray(values, *others, **named)
        except ValueError:
            return np.asarray(values, dtype=object)

    @staticmethod
    def vstack(values: Iterable[Any]) -> Any:
        return np.vstack(list(values))
