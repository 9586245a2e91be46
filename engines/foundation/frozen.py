"""Frozen, slotted dataclasses that are cheap to declare.

`dataclasses.dataclass` compiles six methods of each class from text, which takes 0.35 ms. A program that declares
hundreds of them spends most of its start on that. Here the methods are closures over the fields: nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[T]) -> type[T]:
    """Return a class as `dataclass(frozen=True, slots=True)` does. Fields may have plain defaults, and no more.

    >>> @frozen
    ... class Hit:
    ...     pitch: int
    ...     velocity: float = 0.8
    >>> Hit(60), Hit(60) == Hit(pitch=60, velocity=0.8)
    (Hit(pitch=60, velocity=0.8), True)
    """
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    names = tuple(field.name for field in fields(made))  # type: ignore[arg-type]
    values = _values_of(names)

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def show(self: object) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(names, values(self), strict=True))
        return f"{self.__class__.__qualname__}({shown})"

    methods: dict[str, Callable[..., object]] = {
        "__init__": _init_of(made, names),
        "__eq__": equal,
        "__hash__": lambda self: hash(values(self)),
        "__repr__": show,
        "__reduce__": lambda self: (self.__class__, values(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
    }
    for name, method in methods.items():
        setattr(made, name, method)
    return made


def _values_of(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """Return a function that returns the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _init_of(made: type, names: tuple[str, ...]) -> Callable[..., None]:
    """Return the `__init__` of a class that has slots of these names."""
    if hasattr(made, "__post_init__"):
        raise TypeError(f"{made.__qualname__} has a __post_init__, which @frozen does not call: use @dataclass.")
    defaults = {}
    for field in fields(made):
        if field.default_factory is not MISSING or field.kw_only or not field.init:
            raise TypeError(f"{made.__qualname__}.{field.name} has more than a plain default: use @dataclass.")
        if field.default is not MISSING:
            defaults[field.name] = field.default
    setters = tuple(getattr(made, name).__set__ for name in names)
    count, wanted = len(names), frozenset(names)

    def init(self: object, *args: Any, **named: Any) -> None:
        if named or len(args) != count:
            first = dict(zip(names, args, strict=False))
            values = {**defaults, **first, **named}
            if len(args) > count or first.keys() & named.keys() or values.keys() != wanted:
                raise TypeError(f"{made.__qualname__} takes ({', '.join(names)}), not {args} and {named}.")
            args = tuple([values[name] for name in names])
        for setter, value in zip(setters, args, strict=True):
            setter(self, value)

    return init


def _refuse(self: object, name: str, *_: object) -> NoReturn:
    raise FrozenInstanceError(f"{type(self).__qualname__}.{name} is frozen: make another instance by `replace`.")
