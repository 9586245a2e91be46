"""Cheap frozen classes behave as `dataclass(frozen=True, slots=True)` makes them."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from musearoo.engines.foundation.frozen import frozen
from tests.each_case import each_case


@frozen
class Nothing:
    """No fields."""


@frozen
class One:
    """One field."""

    pitch: int


@frozen
class Several:
    """Fields with and without defaults."""

    pitch: int
    start: float
    velocity: float = 0.8
    name: str = ""

    @property
    def end(self) -> float:
        """A property of its own."""
        return self.start + 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """The same by the standard library."""

    pitch: int
    start: float
    velocity: float = 0.8
    name: str = ""


INSTANCES = (Nothing(), One(60), Several(60, 1.0), Several(60, start=1.0, name="a"), Several(pitch=60, start=1.0))


def test_it_takes_what_a_dataclass_takes() -> None:
    calls: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
        ((60, 1.0), {}),
        ((60, 1.0, 0.5, "a"), {}),
        ((60,), {"start": 1.0}),
        ((60, 1.0), {"name": "a"}),
        ((), {"name": "a", "start": 1.0, "pitch": 60, "velocity": 0.1}),
        ((60, 1.0, 0.5, "a", 1), {}),
        ((60,), {}),
        ((60, 1.0), {"pitch": 61}),
        ((60, 1.0), {"length": 1.0}),
        ((60, 1.0, 0.5), {"length": 1.0}),
    )
    for args, named in calls:
        try:
            model = Model(*args, **named)
        except TypeError:
            with pytest.raises(TypeError, match=r"^Several takes \(pitch, start, velocity, name\), not "):
                Several(*args, **named)
        else:
            made = Several(*args, **named)
            assert [getattr(made, each.name) for each in fields(made)] == [
                getattr(model, each.name) for each in fields(model)
            ], (args, named)
            assert repr(made) == repr(model).replace("Model", "Several"), (args, named)
            assert hash(made) == hash(model), (args, named)
            assert made.end == 2.0


def test_equal_instances_are_equal_and_others_not() -> None:
    assert Several(60, 1.0) == Several(60, 1.0, 0.8, "")
    assert Several(60, 1.0) != Several(61, 1.0)
    assert One(60) == One(60)
    assert One(60) != One(61)
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    model: object = Model(60, 1.0)
    assert Several(60, 1.0) != model
    assert len({One(1), One(1), One(2)}) == 2


def test_it_is_a_dataclass_for_all_that_asks() -> None:
    assert all(map(is_dataclass, INSTANCES))
    assert replace(Several(60, 1.0, name="a"), start=2.0) == Several(60, 2.0, 0.8, "a")
    match Several(60, 1.0):
        case Several(pitch, start, name=name):
            assert (pitch, start, name) == (60, 1.0, "")
        case _:
            raise AssertionError("it did not match")


@each_case("instance", INSTANCES)
def test_copies_and_pickles_are_equal(instance: object) -> None:
    assert copy.copy(instance) == instance
    assert copy.deepcopy(instance) == instance
    assert pickle.loads(pickle.dumps(instance)) == instance


def test_nothing_can_be_changed() -> None:
    note: Any = One(60)
    with pytest.raises(FrozenInstanceError, match=r"^One\.pitch is frozen"):
        note.pitch = 61
    with pytest.raises(FrozenInstanceError, match=r"^One\.pitch is frozen"):
        del note.pitch
    with pytest.raises(FrozenInstanceError, match=r"^One\.other is frozen"):
        note.other = 1
    assert note == One(60)
    assert not hasattr(note, "__dict__")


class _Factory:
    notes: list[int] = field(default_factory=list)


class _ByName:
    pitch: int = field(kw_only=True)


class _Hidden:
    pitch: int = field(init=False)


class _Checked:
    pitch: int

    def __post_init__(self) -> None:
        """Never called."""


@each_case(
    "cls, said",
    [
        (_Factory, r"_Factory\.notes has more than a plain default: use @dataclass"),
        (_ByName, r"_ByName\.pitch has more than a plain default"),
        (_Hidden, r"_Hidden\.pitch has more than a plain default"),
        (_Checked, r"_Checked has a __post_init__, which @frozen does not call"),
    ],
)
def test_what_it_cannot_do_is_refused(cls: type, said: str) -> None:
    # A decorator of types, called with one that is not checked.
    decorate: Callable[[Any], Any] = frozen
    with pytest.raises(TypeError, match=said):
        decorate(cls)
