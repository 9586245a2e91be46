"""[js]: the device's script in a sandbox, always in the main thread.

QuickJS runs it, reduced to the features of Max's old engine (`sandbox.js`). Messages call the script's functions by
name, as in Max. A message that the script sends passes through the patch before `outlet` returns. The host's clock sets
the time.
"""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from musearoo import how_to_install

try:
    import dukpy
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"the simulated Max runs the device's script by dukpy: run {how_to_install('simulator')}",
        name="dukpy",
    ) from error

from musearoo.tools.max_simulator.formats.atoms import Atom, as_message
from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.formats.patch import Box
from musearoo.tools.max_simulator.objects.base import Atoms, MaxObject, PatchContext
from musearoo.tools.max_simulator.outside.clock import MILLISECOND, Thread
from musearoo.tools.max_simulator.outside.live_api import NOTHING, LiveRefusal

SANDBOX = Path(__file__).parent.parent / "sandbox.js"

EPOCH = 1_750_000_000_000
"""The date at the host's start, in milliseconds since 1970; fixed so that tests are reproducible."""

SHORTEST_TASK = 1
"""The minimum delay of a task in milliseconds: the scheduler's tick."""

OWN_MESSAGES = frozenset(
    (
        *("autowatch", "compile", "delprop", "editfontsize", "getprop", "loadbang", "open", "setprop"),
        *("statemessage", "wclose"),
    )
)
"""Messages that [js] handles itself (its reference page)."""

NOT_READY = "Live API is not initialized, use live.thisdevice to determine when initialization has completed"


class Script(MaxObject):
    """[js file word …]; `work` is the measured run time of the script in seconds."""

    classes = ("js",)

    def ports(self) -> tuple[tuple[int, ...], int]:
        """Allow any number; the script determines it, and it is checked once it runs."""
        return (self.box.inlets,), self.box.outlets

    def __init__(self, box: Box, patch: PatchContext) -> None:
        super().__init__(box, patch)
        if not box.arguments or str(box.arguments[0]) not in patch.files:
            raise PatchError(f"{box.place}: the script is not in the device; there are {sorted(patch.files)}.")
        self.work = 0.0
        self._is_running = False
        self._fault: BaseException | None = None
        self._tasks: dict[int, int] = {}
        self._turn = 0
        self._engine = dukpy.JSInterpreter()
        host = patch.host
        calls: dict[str, Callable[..., Any]] = {"now": self._now, "outlet": self._outlet, "live": self._live}
        calls |= {"post": self._post, "error": self._error, "fell": self._script_error, "refuse": self._refuse}
        calls |= {"read": host.files.read, "schedule": self._schedule, "unschedule": self._unschedule}
        for name, call in calls.items():
            self._engine.export_function(name, self._kept(call))
        file, *words = (str(word) for word in box.arguments)
        self._engine.evaljs(f"var __max = {SANDBOX.read_text('utf-8')}; null")
        given = (json.dumps(each) for each in ([file, *words], host.os, host.ids_are_text, patch.path))
        self._run(f"__max.begin({', '.join(given)})")
        try:
            self._engine.evaljs(f"{patch.files[file]}\n;null")
        except dukpy.JSRuntimeError as error:
            patch.error(f"js: {file}: Javascript {str(error).strip().splitlines()[0]}")
        self._raise_fault()
        ports = self._engine.evaljs("__max.ports()")
        if ports != [box.inlets, box.outlets]:
            raise PatchError(f"{box.place}: the script has {ports} inlets and outlets, unlike its box.")

    # ------------------------------------------------------------------------------------------ in

    def loadbang(self) -> None:
        """Call the script's loadbang, if it has one."""
        if self._engine.evaljs('__max.has("loadbang")'):
            self._message(0, "loadbang", ())

    def free(self) -> None:
        """Call the script's notifydeleted and cancel its tasks."""
        if self._engine.evaljs('__max.has("notifydeleted")'):
            self._message(0, "notifydeleted", ())
        self._tasks.clear()

    def receive(self, inlet: int, selector: str, atoms: Atoms) -> None:
        """Call the function with the message's name; a message from the scheduler thread is queued first."""
        waits = self._is_running and not self.patch.host.reenters
        if self.patch.host.thread is Thread.SCHEDULER or waits:
            self.patch.host.defer_low(self.patch.alive(lambda: self._message(inlet, selector, atoms)))
        else:
            self._message(inlet, selector, atoms)

    def _message(self, inlet: int, selector: str, atoms: Atoms) -> None:
        if selector in OWN_MESSAGES and selector != "loadbang":
            return
        given = json.dumps(list(atoms))
        self._run(f"__max.message({inlet}, {json.dumps(selector)}, {given})")

    def _run(self, code: str) -> None:
        """Run code in the sandbox. Nested calls into the script are not timed twice."""
        begun, worked, was_running = perf_counter(), self.work, self._is_running
        self._is_running = True
        try:
            self._engine.evaljs(f"{code}; null")
        finally:
            self._is_running = was_running
        self.work = worked + perf_counter() - begun
        self._raise_fault()

    def _kept(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function for the script; an error of the simulation bypasses the script's own try and catch."""

        def keep(*given: Any) -> Any:
            try:
                return call(*given)
            except BaseException as error:
                self._fault = self._fault or error
                raise

        return keep

    def _raise_fault(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault

    # ------------------------------------------------------------------------------------------ out

    def _now(self) -> int:
        return EPOCH + self.patch.host.clock.now() // MILLISECOND

    def _outlet(self, number: int, row: list[list[Any]]) -> None:
        if not isinstance(number, int) or not 0 <= number < self.box.outlets:
            self.patch.error(f"js: outlet {number} is not there")
            return
        atoms = tuple(self._atom(kind, value) for kind, value in row)
        self.patch.intern(atoms)
        self.send(number, *as_message(atoms))

    def _atom(self, kind: str, value: Any) -> Atom:
        if kind == "int":
            return int(float(value))
        if kind == "float":
            return float(value)
        if kind == "symbol":
            return str(value)
        self.patch.error(f"js: {value} cannot be sent")
        return str(value)

    def _post(self, text: str) -> None:
        self.patch.posts.append(text)

    def _error(self, text: str) -> None:
        self.patch.error(text)

    def _script_error(self, text: str) -> None:
        self.patch.error(f"js: {self.box.arguments[0]}: {text}")

    def _refuse(self, text: str) -> None:
        raise PatchError(f"{self.box.place}: {text}.")

    # ------------------------------------------------------------------------------------------ tasks

    def _schedule(self, task: int, delay: float) -> None:
        """Schedule a task: it is timed by the scheduler and runs in the main thread, late but never early."""
        host = self.patch.host
        self._turn += 1
        turn = self._tasks[task] = self._turn
        due = host.clock.now() + round(max(delay, SHORTEST_TASK) * MILLISECOND)

        def run() -> None:
            if self._tasks.get(task) == turn:
                self._run(f"__max.task({task})")

        host.at(due, self.patch.alive(lambda: host.defer_low(self.patch.alive(run))))

    def _unschedule(self, task: int) -> None:
        self._tasks.pop(task, None)

    # ------------------------------------------------------------------------------------------ Live

    def _live(self, verb: str, id: int, given: list[Atom]) -> Any:
        """Perform a LiveAPI query.

        A refusal prints a line to the console and returns null, because Max throws nothing.
        """
        live = self.patch.host.live
        if not self.patch.is_ready:
            self.patch.error(NOT_READY)
            return NOTHING if verb in ("goto", "count") else None
        if verb == "goto":
            return live.resolve(str(given[0]), self.patch.key, id)
        if verb in ("path", "type"):
            return live.path(id) if verb == "path" else live.type(id)
        if not live.alive(id):
            self.patch.error(f"{verb}: no valid object set")
            return NOTHING if verb == "count" else None
        try:
            return self._ask(verb, id, str(given[0]), given[1:])
        except LiveRefusal as refusal:
            self.patch.error(str(refusal))
            return NOTHING if verb == "count" else None

    def _ask(self, verb: str, id: int, name: str, values: list[Atom]) -> Any:
        live = self.patch.host.live
        if verb == "get":
            return live.get(id, name)
        if verb == "count":
            return live.count(id, name)
        if verb == "call":
            return live.call(id, name, *values)
        live.set(id, name, *values)
        return None
