"""The state of a device in a Live Set: the values of its parameters, by their Long Names."""

from collections.abc import Mapping
from typing import Any

from musearoo.tools.max_simulator.objects.base import StoredObject
from musearoo.tools.max_simulator.runtime.patcher import RunningPatch


def stored_objects(running: RunningPatch) -> dict[str, StoredObject]:
    """Return the parameter objects by Long Name, in file order."""
    return {
        found.box.parameter.long_name: found
        for found in running.of_class(StoredObject)
        if found.box.parameter is not None
    }


def save_values(running: RunningPatch) -> dict[str, Any]:
    """Return the values that the set stores: those of all parameters that are not hidden, as plain data."""
    kept = stored_objects(running)
    return {name: found.stored() for name, found in kept.items() if found.box.parameter and found.box.parameter.stored}


def values_to_set(running: RunningPatch, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values to set when the device is loaded: the set's values, or else the initial ones."""
    values: dict[str, Any] = {}
    for name, found in stored_objects(running).items():
        parameter = found.box.parameter
        if parameter is None:
            continue
        if parameter.initial:
            values[name] = parameter.initial[0] if len(parameter.initial) == 1 else list(parameter.initial)
        if state is not None and name in state and parameter.stored:
            values[name] = state[name]
    return values


def set_values(running: RunningPatch, values: Mapping[str, Any]) -> None:
    """Set the values in file order and send them."""
    kept = stored_objects(running)
    for name, value in values.items():
        kept[name].restore(value)
