"""Control-channel commands for devices, and the Live API queries of Max devices."""

from __future__ import annotations

from typing import Any, Callable

from musearoo.tools.live_simulator.devices.base import DeviceModel
from musearoo.tools.live_simulator.devices.racks import DeviceHolder
from musearoo.tools.live_simulator.program.lom import ObjectModel, RefusalError, max_devices, path_of
from musearoo.tools.live_simulator.program.simulator import Simulator


class DeviceCommands:
    """Runs the commands that concern devices.

    `resolve` returns the object at a path of the control channel; `plain` converts a value to JSON-compatible data.
    """

    def __init__(self, simulator: Simulator, resolve: Callable[[str], Any], plain: Callable[[Any], Any]) -> None:
        self._simulator = simulator
        self._resolve = resolve
        self._plain = plain
        self._object_model = ObjectModel(simulator)

    def actions(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return the handler of each command, by command name."""
        return {
            "insert_device": self._insert_device,
            "insert_max_device": self._insert_max_device,
            "move_device": self._move_device,
            "duplicate_device": self._duplicate_device,
            "delete_device": self._delete_device,
            "max_devices": self._max_devices,
            "lom": self._ask_object_model,
        }

    def _holder(self, path: str) -> DeviceHolder:
        model = self._resolve(path)._model
        if not isinstance(model, DeviceHolder):
            raise ValueError(f"{path} has no device chain: name a track, or a chain of a rack")
        return model

    def _place(self, path: str) -> tuple[DeviceHolder, int]:
        """Return the chain that contains the device at a path, and the device's index in it."""
        model = self._resolve(path)._model
        if not isinstance(model, DeviceModel) or not isinstance(model.parent, DeviceHolder):
            raise ValueError(f"{path} is not a device in a chain")
        return model.parent, model.parent.devices.index(model)

    def _insert_device(self, command: dict[str, Any]) -> None:
        with self._simulator.context.step():
            self._holder(command["into"]).insert_device(command["name"], command["at"])

    def _insert_max_device(self, command: dict[str, Any]) -> int:
        with self._simulator.context.step():
            device = self._holder(command["into"]).insert_max_device(
                command["name"], command["kind"], command["at"], command["parameters"]
            )
        return device.key

    def _move_device(self, command: dict[str, Any]) -> None:
        holder, place = self._place(command["path"])
        target = self._holder(command["into"])
        with self._simulator.context.step():
            self._simulator.song_model.move_device(holder.devices[place], target, command["at"])

    def _duplicate_device(self, command: dict[str, Any]) -> None:
        holder, place = self._place(command["path"])
        with self._simulator.context.step():
            holder.duplicate_device(place)

    def _delete_device(self, command: dict[str, Any]) -> None:
        holder, place = self._place(command["path"])
        with self._simulator.context.step():
            holder.delete_device(place)

    def _max_devices(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "key": device.key,
                "name": device.name,
                "kind": device.kind,
                "path": path_of(device),
                "copied_from": device.copied_from,
            }
            for device in max_devices(self._simulator.song_model)
        ]

    def _ask_object_model(self, command: dict[str, Any]) -> dict[str, Any]:
        """Return {"value": …}, or {"refused": …} with Live's error message."""
        model = self._object_model
        pointer, name = command.get("pointer", 0), command.get("name", "")
        values = command.get("args", [])
        given = [model.find(value["pointer"]) if isinstance(value, dict) else value for value in values]
        questions: dict[str, Callable[[], Any]] = {
            "resolve": lambda: model.resolve(command["path"], command["device"], pointer),
            "get": lambda: model.get(pointer, name),
            "set": lambda: model.set(pointer, name, given[0] if len(given) == 1 else given),
            "call": lambda: model.call(pointer, name, given),
            "path": lambda: model.path(pointer),
            "class_name": lambda: model.class_name(pointer),
        }
        try:
            return {"value": self._plain(questions[command["ask"]]())}
        except RefusalError as error:
            return {"refused": str(error)}
