"""Run tests against mutants, each in its own fork; the tree is never written to.

For each folder one process imports its tests and the code under test. One fork runs the tests on the original code and
records the functions that each calls; all must pass. Then each mutant gets a fork, in which the code of its function is
replaced, and runs the tests that call the function: near files first, and in each the fast tests first. If a function
already ran during imports, its fork starts before them and imports the mutated module.

The folder's caches are cleared before each recorded test. Values in other caches, such as those of tests, hide calls,
and child processes of tests run the original code. So a mutant may survive that the whole suite kills, but never the
reverse.
"""

import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from itertools import groupby
from pathlib import Path, PurePath
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, TextIO

import pytest

from musearoo.tools.workshop.mutate.mutants import Mutant
from musearoo.tools.workshop.mutate.scope import read_source, tests_of
from tests.architecture.imports import ROOT, name_module

Placed = tuple[PurePath, Mutant]

_HEAVY = ("hypothesis", "numpy", "scipy.signal", "scipy.ndimage", "scipy.fft", "msgspec", "yaml", "mido", "soundfile")

# The limits of a mutant: this processor time in addition to a multiple of its tests' time, and a multiple of that in
# wall-clock time.
_SECONDS, _TIMES, _PATIENCE = 2.0, 2.0, 10.0
_MEMORY = 6 << 30
_RECORDING_SECONDS = 1200.0

# The exit status of a fork in which a function cannot take the mutant's code.
_NOT_EXCHANGED = 78
_VERDICTS = {0: "survived", _NOT_EXCHANGED: "not exchanged"}


class UnfitTestsError(Exception):
    """Tests that fail without a mutant."""


def judge(sample: Sequence[Placed], folder: Path) -> Iterator[tuple[Placed, str]]:
    """Yield each mutant with "killed", "timeout" or "survived"; the folder is for the tests' output."""
    for name in _HEAVY:
        with suppress(ImportError):
            importlib.import_module(name)
    for _, group in groupby(sample, key=lambda each: each[0].parent):
        members = list(group)
        reading, writing = os.pipe()
        host = os.fork()
        if host == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as told:
                status = _pytest(_files(members), folder, plugins=[_Host(members, folder, told)])
            os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as verdicts:
            for placed, verdict in zip(members, map(json.loads, verdicts), strict=False):
                yield placed, verdict if isinstance(verdict, str) else _judge_afresh(*placed, verdict, folder)
                members = members[1:]
        os.waitpid(host, 0)
        if members:
            log = (folder / "log").read_text(encoding="utf-8", errors="replace")
            raise UnfitTestsError("\n".join(["tests must pass before a mutant is tried:", *log.splitlines()[-30:]]))


def _files(members: Iterable[Placed]) -> list[str]:
    return list(dict.fromkeys(file for path, _ in members for file in tests_of(path)))


def _pytest(files: Sequence[str], folder: Path, *, plugins: Sequence[object]) -> int:
    """Run tests in this process, which is a fork, and return the exit status."""
    from hypothesis import settings

    settings.register_profile("mutate", database=None, derandomize=True, deadline=None)
    settings.load_profile("mutate")
    os.chdir(ROOT)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(log, number)
    # Plain asserts: pytest would otherwise import a module for its doctests itself, without the mutant.
    options = ("-x", "-q", "--tb=line", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={folder / 'tests'}")
    return int(pytest.main([*options, *files], plugins=list(plugins)))


def _begin_fork(seconds: float) -> None:
    """Limit the resources of this process, which has just been forked."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _await_verdict(child: int, seconds: float) -> str:
    """Return the verdict of a fork that runs tests; "survived" also when the original code passes them."""
    end = time.monotonic() + seconds * _PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
                return "timeout"
            return _VERDICTS.get(os.waitstatus_to_exitcode(status), "killed")
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _limit(tests: dict[str, float]) -> float:
    return _SECONDS + _TIMES * sum(tests.values())


class _Chosen:
    """Selects tests, in the given order."""

    def __init__(self, tests: Iterable[str]) -> None:
        self._order = {name: at for at, name in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = (item for item in items if item.nodeid in self._order)
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])


def _judge_afresh(path: PurePath, mutant: Mutant, tests: dict[str, float], folder: Path) -> str:
    """Return the verdict on a mutant that is present when its module is imported."""
    child = os.fork()
    if child == 0:
        _begin_fork(_limit(tests) + _SECONDS)
        sys.meta_path.insert(0, _MutantFinder(path, mutant.apply(read_source(path))))
        files = list(dict.fromkeys(name.split("::")[0] for name in tests))
        os._exit(_pytest(files, folder, plugins=[_Chosen(tests)]))
    return _await_verdict(child, _limit(tests) + _SECONDS)


class _MutantFinder(importlib.abc.MetaPathFinder):
    """Imports one module from a different source."""

    def __init__(self, path: PurePath, source: str) -> None:
        self._name, self._path, self._source = f"musearoo.{name_module(ROOT / path)}", str(ROOT / path), source

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        loader = _MutantLoader(name, self._path)
        loader.source = self._source
        return importlib.util.spec_from_file_location(name, self._path, loader=loader)


class _MutantLoader(importlib.machinery.SourceFileLoader):
    source = ""

    def get_code(self, _name: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class _Host:
    """A pytest plugin that outputs one verdict per line, or the tests to run in a new process.

    It runs in a process with the tests of a folder collected, and forks where the tests would run; the fork runs them.
    """

    def __init__(self, members: Sequence[Placed], folder: Path, told: TextIO) -> None:
        self._members, self._told = members, told
        self._record = folder / "calls"
        self._recorder = _Recorder(str(ROOT / members[0][0].parent))
        self._is_recording = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        child = os.fork()
        if child == 0:
            _begin_fork(_RECORDING_SECONDS)
            self._is_recording = True
            self._recorder.find_caches()
            session.config.pluginmanager.register(self._recorder)
            return None
        self._recorder.stop()
        if _await_verdict(child, _RECORDING_SECONDS) != "survived":
            return True
        calls: _Calls = pickle.loads(self._record.read_bytes())
        items = {item.nodeid: item for item in session.items}
        for path, mutant in self._members:
            tests = calls.tests_for(path, mutant)
            verdict: object = "survived"
            if (path.as_posix(), mutant.function) in calls.shared:
                verdict = tests
            elif tests:
                child = os.fork()
                if child == 0:
                    _begin_fork(_limit(tests))
                    if not _exchange(path, mutant):
                        os._exit(_NOT_EXCHANGED)
                    session.items[:] = [items[name] for name in tests]
                    return None
                verdict = _await_verdict(child, _limit(tests))
                verdict = tests if verdict == "not exchanged" else verdict
            self._told.write(f"{json.dumps(verdict)}\n")
            self._told.flush()
        return True

    def pytest_sessionfinish(self) -> None:
        if self._is_recording:
            self._record.write_bytes(pickle.dumps(self._recorder.stop()))


def _exchange(path: PurePath, mutant: Mutant) -> bool:
    """Replace the code of the mutant's functions, wherever they are referenced; return whether that is possible."""
    compiled = compile(mutant.apply(read_source(path)), str(ROOT / path), "exec", dont_inherit=True)
    new = {(code.co_firstlineno, code.co_name): code for code in _walk_codes(compiled)}
    found = False
    for function in [each for each in gc.get_objects() if isinstance(each, FunctionType)]:
        code = function.__code__
        if code.co_filename == compiled.co_filename and any(
            inner.co_firstlineno == mutant.function for inner in _walk_codes(code)
        ):
            try:
                function.__code__ = new[code.co_firstlineno, code.co_name]
            except (KeyError, ValueError):
                return False
            found = True
    return found


def _walk_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _walk_codes(constant)


@dataclass(slots=True)
class _Calls:
    """The functions, by file and first line, that each test calls."""

    tests: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    shared: set[tuple[str, int]] = field(default_factory=set)
    """Functions called by imports, and by fixtures shared between tests."""
    seconds: dict[str, float] = field(default_factory=dict)
    """The processor time of each test."""

    def tests_for(self, path: PurePath, mutant: Mutant) -> dict[str, float]:
        """Return the tests that may detect a mutant with their seconds: near files first, in each the fast ones
        first.
        """
        call, files = (path.as_posix(), mutant.function), tests_of(path)
        chosen = self.seconds if call in self.shared else self.tests.get(call, set())
        place = {name: name if name in files else name.split("::")[0] for name in chosen}
        near = [name for name in chosen if place[name] in files]
        near.sort(key=lambda name: (files.index(place[name]), self.seconds[name], name))
        return {name: self.seconds[name] for name in near}


class _Recorder:
    """Records which of our functions run, at start and in each test."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._caches: list[Any] = []
        self._calls = _Calls()
        self._codes: dict[int, CodeType] = {}
        self._shared = self._codes
        self._start()

    def _start(self) -> None:
        # With a call-only trace function, a function costs one call of this; a profile function costs many.
        sys.settrace(self._note)
        threading.settrace(self._note)

    def stop(self) -> _Calls:
        sys.settrace(None)
        threading.settrace(None)
        self._calls.shared = set(_ours(self._shared))
        return self._calls

    def _note(self, frame: FrameType, _event: str, _argument: object) -> None:
        self._codes[id(frame.f_code)] = frame.f_code

    def find_caches(self) -> None:
        """Find the folder's caches after all imports."""
        caches = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)]
        ours = (each for each in caches if isinstance(each.__wrapped__, FunctionType))
        self._caches = [each for each in ours if each.__wrapped__.__code__.co_filename.startswith(self._folder)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        for cache in self._caches:
            cache.cache_clear()
        # A test with deliberate deep recursion ends the tracing: Python drops a trace function without stack space.
        self._start()
        self._codes, started = {}, time.process_time()
        result = yield
        self._calls.seconds[item.nodeid] = time.process_time() - started
        for call in _ours(self._codes):
            self._calls.tests.setdefault(call, set()).add(item.nodeid)
        self._codes = self._shared
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        before = self._codes
        if fixturedef.scope != "function":
            self._codes = self._shared
        result = yield
        self._codes = before
        return result


def _ours(codes: dict[int, CodeType]) -> Iterator[tuple[str, int]]:
    top = f"{ROOT}{os.sep}"
    for code in tuple(codes.values()):
        if code.co_filename.startswith(top):
            yield PurePath(code.co_filename.removeprefix(top)).as_posix(), code.co_firstlineno
