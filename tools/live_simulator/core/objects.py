"""The base of every simulated object: stored attributes, listeners, the notification guard, lifetime.

Two layers. A *model* (`Song`, `Track`, `Clip` …) holds the state and the behaviour; it uses only plain Python values
and other models. A script sees a *handle*, an instance of a class that `binding.py` builds from the shape table: it
checks argument types, liveness and the guard, then calls the model.
"""

from __future__ import annotations

import contextlib
import itertools
import traceback
from typing import (
    Any,
    Callable,
    ClassVar,
    Generic,
    Iterator,
    TypeVar,
    overload,
)

from musearoo.tools.live_simulator.core.not_simulated import REASONS
from musearoo.tools.live_simulator.core.undo import Change, Journal

V = TypeVar("V")
F = TypeVar("F", bound=Callable[..., Any])

NOTIFICATION_ERROR = "Changes cannot be triggered by notifications. You will need to defer your response."
FIRST_POINTER = 0x7F8A00010000
"""The first `_live_ptr`: an address-like number, so that it cannot be mistaken for an index."""


class NotSimulatedError(Exception):
    """The real Live has this member, but the simulator does not implement it.

    Not a RuntimeError: scripts catch those as Live's refusals and would hide the gap.
    """


def reads(method: F) -> F:
    """Mark a method as read-only: it is allowed inside a listener and opens no undo step."""
    method.changes = False  # type: ignore[attr-defined]
    return method


def without_undo_step(method: F) -> F:
    """Mark a method that opens no undo step."""
    method.opens_step = False  # type: ignore[attr-defined]
    return method


class Context:
    """State shared by all objects of one Live Set: history, guard, pointers, log and mutation."""

    def __init__(self, log: Callable[[str], None], mutation: str | None = None) -> None:
        self.journal = Journal()
        self.log = log
        self.mutation = mutation
        self.devices: frozenset[str] | None = None
        """The stock devices of this edition; None for all."""
        self.make_device: Callable[..., Any] = _no_devices
        self.not_simulated: dict[str, None] = {}
        self.listener_count = 0
        self.handle_count = 0
        self._pointers = itertools.count(FIRST_POINTER, 0x40)
        self._device_keys = itertools.count(1)
        self._notification_depth = 0
        self.request_pulse: Callable[[], None] = _do_nothing

    def next_pointer(self) -> int:
        """Return a fresh `_live_ptr`."""
        return next(self._pointers)

    def next_device_key(self) -> int:
        """Return a fresh number for a Max device."""
        return next(self._device_keys)

    def assert_writable(self) -> None:
        """Raise Live's error while a listener is running, because a script must defer its writes."""
        if self._notification_depth and self.mutation != "no-notification-guard":
            raise RuntimeError(NOTIFICATION_ERROR)

    def call_listener(self, listener: Callable[[], Any]) -> None:
        """Run one listener under the guard. An exception is logged, as in Live."""
        self._notification_depth += 1
        try:
            listener()
        except Exception:
            self.log_error(traceback.format_exc())
        finally:
            self._notification_depth -= 1

    def log_error(self, text: str) -> None:
        """Write a traceback line by line, with Live's prefix for script errors."""
        for line in text.rstrip().splitlines():
            self.log("RemoteScriptError: " + line)

    def report_not_simulated(self, member: str) -> NotSimulatedError:
        """Log the use of an unimplemented member and return the error for it."""
        self.not_simulated[member] = None
        reason = REASONS.get(member.rpartition(" ")[2], "")
        message = f"the simulated Live does not simulate {member}" + (f": {reason}" if reason else "")
        self.log("NotSimulated: " + message)
        return NotSimulatedError(message)

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """Record all changes made inside the block as one undo step."""
        self.journal.begin_step()
        try:
            yield
        finally:
            self.journal.end_step()


def _no_devices(*_: Any) -> Any:
    """Placeholder until the program attaches its catalogue of devices."""
    raise RuntimeError("no devices are there yet")


def _do_nothing() -> None:
    """Placeholder until a main loop is attached."""


class Model:
    """One object of the set: its state, its listeners, and the handle that scripts use."""

    signals: ClassVar[frozenset[str]] = frozenset()
    """Listenable events that are not properties."""

    def __init__(self, context: Context, parent: Model | None) -> None:
        self.context = context
        self.parent = parent
        self.handle: Any = None
        self._listeners: dict[str, list[Callable[[], Any]]] = {}

    @property
    def canonical_parent(self) -> Model | None:
        """The object that owns this one."""
        return self.parent

    def children(self) -> tuple[Model, ...]:
        """Return the objects that this one owns and that are deleted with it."""
        return ()

    def can_notify(self, name: str) -> bool:
        """Return whether the simulated object has the property or signal, so that a listener can be notified."""
        return name in self.signals or hasattr(type(self), name) or name in self.__dict__

    def add_listener(self, name: str, listener: Callable[[], Any]) -> None:
        """Connect a listener. Raises RuntimeError when it is already connected."""
        listeners = self._listeners.setdefault(name, [])
        if listener in listeners:
            raise RuntimeError("Observer already connected")
        listeners.append(listener)
        self.context.listener_count += 1

    def remove_listener(self, name: str, listener: Callable[[], Any]) -> None:
        """Disconnect a listener. Raises RuntimeError when it is not connected."""
        listeners = self._listeners.get(name, [])
        if listener not in listeners:
            raise RuntimeError("Observer not connected")
        listeners.remove(listener)
        self.context.listener_count -= 1

    def has_listener(self, name: str, listener: Callable[[], Any]) -> bool:
        """Return whether the listener is connected."""
        return listener in self._listeners.get(name, ())

    def is_observed(self, name: str) -> bool:
        """Return whether the property has a listener."""
        return bool(self._listeners.get(name))

    def notify(self, *names: str) -> None:
        """Call the listeners of these properties in the order in which they were connected."""
        for name in names:
            if self.context.mutation == "missing-listener" and name == "has_clip":
                continue
            for listener in tuple(self._listeners.get(name, ())):
                self.context.call_listener(listener)

    def detach(self) -> None:
        """Delete the object: its handle becomes None to scripts and its listeners are removed.

        The model itself stays in the undo history. When undo restores it, scripts get a new handle with a new
        `_live_ptr`; they must not rely on the old one.
        """
        for child in self.children():
            child.detach()
        for listeners in self._listeners.values():
            self.context.listener_count -= len(listeners)
        self._listeners.clear()
        if self.handle is not None:
            self.handle._release()
            self.handle = None
            self.context.handle_count -= 1


class Stored(Generic[V]):
    """An attribute with undo and listeners: assigning it records the change and notifies.

    `check(model, value)` returns the value to store or raises Live's error. `also` names other properties whose
    listeners are notified. Pass `undoable=False` for values outside Live's history (selection, transport).
    """

    def __init__(
        self,
        default: V,
        check: Callable[[Any, V], V] | None = None,
        also: tuple[str, ...] = (),
        undoable: bool = True,
    ) -> None:
        self.default = default
        self.check = check
        self.also = also
        self.undoable = undoable
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, model: None, owner: Any) -> Stored[V]: ...

    @overload
    def __get__(self, model: Model, owner: Any) -> V: ...

    def __get__(self, model: Model | None, owner: Any) -> V | Stored[V]:
        if model is None:
            return self
        value: V = model.__dict__.get(self.name, self.default)
        return value

    def __set__(self, model: Model, value: V) -> None:
        if self.check is not None:
            value = self.check(model, value)
        before = self.__get__(model, None)
        if before is value or (type(before) is type(value) and before == value):
            return
        if self.undoable:
            model.context.journal.record(Change(lambda v: self.put(model, v), before, value))
        self.put(model, value)

    def put(self, model: Model, value: V) -> None:
        """Store a value and notify without recording it; undo and redo use this."""
        model.__dict__[self.name] = value
        model.notify(self.name.lstrip("_"), *self.also)


class Owned(Stored[V]):
    """A stored child or tuple of children. Removed children are detached."""

    def put(self, model: Model, value: V) -> None:
        staying = {id(child) for child in _models(value)}
        leaving = [child for child in _models(self.__get__(model, None)) if id(child) not in staying]
        model.__dict__[self.name] = value
        for child in leaving:
            child.detach()
        model.notify(self.name.lstrip("_"), *self.also)


def _models(value: Any) -> tuple[Model, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple) else (value,)
