"""What a Live Set keeps of a device: the values of its parameters, by their Long Names."""

from collections.abc import Mapping
from typing import Any

from musearoo.tools.max_simulator.objects.base import Kept
from musearoo.tools.max_simulator.runtime.patcher import RunningPatch


def kept_objects(running: RunningPatch) -> dict[str, Kept]:
    """The objects that are parameters, by Long Name, in the order of the file."""
    return {found.box.parameter.long_name: found for found in running.of_class(Kept) if found.box.parameter is not None}


def save_values(running: RunningPatch) -> dict[str, Any]:
    """What the set keeps now: the values of all that is not hidden; plain data."""
    kept = kept_objects(running)
    return {name: found.stored() for name, found in kept.items() if found.box.parameter and found.box.parameter.stored}


def values_to_set(running: RunningPatch, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is set when the device is loaded: the set's values, and the initial ones where it has none."""
    values: dict[str, Any] = {}
    for name, found in kept_objects(running).items():
        parameter = found.box.parameter
        if parameter is None:
            continue
        if parameter.initial:
            values[name] = parameter.initial[0] if len(parameter.initial) == 1 else list(parameter.initial)
        if state is not None and name in state and parameter.stored:
            values[name] = state[name]
    return values


def set_values(running: RunningPatch, values: Mapping[str, Any]) -> None:
    """Sets them in the order of the file; what is set is sent on."""
    kept = kept_objects(running)
    for name, value in values.items():
        kept[name].restore(value)
