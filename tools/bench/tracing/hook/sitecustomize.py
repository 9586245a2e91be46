"""Note when functions are called and for how long; Python runs this file at its start, in the traced processes alone.

`MUSEAROO_TRACE` is the folder for the notes, a file a process. Standard library only: the simulated Live runs it, too.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_SPANS = {
    "musearoo.bridge.links.device": ("DeviceLink.datagram_received", "DeviceLink.send"),
    "musearoo.bridge.links.stream": ("_Connection.data_received", "StreamLink.send"),
    "musearoo.bridge.daemon": ("Daemon.handle", "Daemon._tick"),
    "musearoo.bridge.services.compose": ("prepare_composition", "_compose"),
    "musearoo.bridge.requests.generate": ("read_scene", "place_on_samples", "takes_transaction"),
    "musearoo.bridge.metrics.observer": ("DaemonMetrics.observe",),
    "musearoo.bridge.services.predict": ("PredictService.observe", "PredictService.take", "_compose"),
    "MuseAroo.script": ("Script._tick",),
    "MuseAroo.wire.link": ("Link.poll", "Link.send"),
    "MuseAroo.requests.dispatch": ("Requests.answer",),
    "MuseAroo.requests.transaction": ("Transactions._check", "Transactions._result"),
    "MuseAroo.live_set.watch": ("Watch.report",),
}
"""Functions by module; those that a module does not have are left out."""

_notes: list[tuple[str, int, float, float]] = []


def _timed(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            _notes.append((name, threading.get_ident(), began, time.perf_counter()))

    return timed


def _wrap(module: ModuleType) -> None:
    for path in _SPANS[module.__name__]:
        *outer, name = path.split(".")
        owner: Any = module
        for part in outer:
            owner = getattr(owner, part, None)
        function = getattr(owner, name, None)
        if callable(function):
            setattr(owner, name, _timed(function, path))


class _Finder:
    """Wraps the functions of a module once it is loaded."""

    def __init__(self) -> None:
        self._within: set[str] = set()

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name not in _SPANS or name in self._within:
            return None
        self._within.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._within.discard(name)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_wrap(module: ModuleType) -> None:
                load(module)
                _wrap(module)

            loader: Any = spec.loader
            loader.exec_module = load_and_wrap
        return spec


def _write() -> None:
    if _notes:
        with open(os.path.join(os.environ["MUSEAROO_TRACE"], str(os.getpid())), "w", encoding="utf-8") as file:
            json.dump(_notes, file)


sys.meta_path.insert(0, _Finder())
atexit.register(_write)
