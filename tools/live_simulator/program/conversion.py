"""Convert the models' values to the types scripts see, and scripts' arguments to the types models use."""

from __future__ import annotations

from typing import Any, Callable

from musearoo.tools.live_simulator.core import boost
from musearoo.tools.live_simulator.core.boost import Converter, MismatchError
from musearoo.tools.live_simulator.core.shapes import ClassShape, Shape
from musearoo.tools.live_simulator.core.values import RoutingChannel, RoutingType, make_enum, make_vector
from musearoo.tools.live_simulator.program.handle import Handle

FLOATS = {("Song", "tempo"), ("DeviceParameter", "value"), ("Clip", "gain"), ("Clip", "pitch_fine")}
"""Properties whose C++ setter takes a float, not a double, as their error message shows."""


class Conversion:
    """The enums, vectors and value classes of a profile, and the conversions to and from the models.

    `wrap` returns the handle of a model, and any other value unchanged.
    """

    def __init__(self, shape: Shape, value_classes: dict[str, type], wrap: Callable[[Any], Any]) -> None:
        self.value_classes = value_classes
        self.wrap = wrap
        self.enums: dict[str, type] = {}
        self.vectors: dict[str, type] = {}
        self._collect(shape)
        self._enum_by_name: dict[str, type] = {}
        for path, enum in self.enums.items():
            self._enum_by_name.setdefault(path.rpartition(".")[2], enum)

    def _collect(self, shape: Shape) -> None:
        def visit(path: str, module: str, enums: dict[str, dict[str, int]], classes: dict[str, ClassShape]) -> None:
            for name, members in enums.items():
                self.enums[f"{path}.{name}"] = make_enum(name, module, members)
            for name, shape in classes.items():
                if name.endswith("Vector"):
                    made = self.value_classes.get(f"{path}.{name}") or make_vector(name, module)
                    self.vectors[name] = made
                visit(f"{path}.{name}", module, shape.enums, shape.classes)

        for name, module in shape.modules.items():
            visit(name, name, module.enums, module.classes)

    def result(self, type_name: str, path: str) -> Callable[[Any], Any]:
        """Return the function that converts a model's value to the Python type of the signature."""
        enum = self.find_enum(type_name, path)
        if enum is not None:
            return lambda value: enum(value)
        if type_name in self.vectors:
            vector = self.vectors[type_name]
            item = self._item_of(type_name)
            return lambda value: vector([item(v) for v in value])
        if type_name == "float":
            return float
        if type_name == "int":
            return int
        if type_name == "None":
            return lambda _: None
        if type_name in ("RoutingType", "RoutingChannel", "MidiNote"):
            return self._item_of(type_name + "Vector")
        return self.wrap

    def _item_of(self, vector_name: str) -> Callable[[Any], Any]:
        classes = self.value_classes
        if vector_name == "MidiNoteVector":
            make_note: Callable[[Any], Any] = classes["Clip.MidiNote"]._of  # type: ignore[attr-defined]
            return make_note
        if vector_name == "WarpMarkerVector":
            marker = classes["Clip.WarpMarker"]
            return lambda point: marker(*point)
        if vector_name == "RoutingTypeVector":
            return self._routing_type
        if vector_name == "RoutingChannelVector":
            return self._routing_channel
        return self.wrap

    def _routing_type(self, routing: Any) -> Any:
        made = RoutingType.__new__(RoutingType)
        made._routing = routing
        made._attached = self.wrap(routing.target)
        return made

    def _routing_channel(self, routing: Any) -> Any:
        made = RoutingChannel.__new__(RoutingChannel)
        made._routing = routing
        made._layout = self.enums["Track.RoutingChannelLayout"](routing.number)
        return made

    def find_enum(self, type_name: str, path: str) -> Any:
        """Return the enum with a name that is nearest to the class: nested, in its module, or in any module."""
        module = path.partition(".")[0]
        for candidate in (f"{path}.{type_name}", f"{module}.{type_name}"):
            if candidate in self.enums:
                return self.enums[candidate]
        return self._enum_by_name.get(type_name)

    def converter(self, python_type: str, cpp_type: str) -> Converter:
        """Return a function that converts a script's argument to the model's value or raises MismatchError."""
        cpp_type = cpp_type.replace("{lvalue}", "").strip()
        if python_type == "int":
            return lambda value: boost.to_int(value, cpp_type)
        simple = {
            "float": boost.to_float,
            "bool": boost.to_bool,
            "str": boost.to_str,
            "tuple": boost.to_tuple,
        }
        if python_type in simple:
            return simple[python_type]
        if python_type == "object":
            return boost.to_str if cpp_type == "TString" else boost.to_object
        if python_type.endswith("Vector"):
            return self._instance(self.vectors[python_type])
        return lambda value: self._to_object_of(python_type, value)

    @staticmethod
    def _instance(wanted: type) -> Converter:
        def convert(value: Any) -> Any:
            if not isinstance(value, wanted):
                raise MismatchError
            return value

        return convert

    def _to_object_of(self, class_name: str, value: Any) -> Any:
        """Return the model behind a live handle of that class, or a value object of the class."""
        if not any(base.__name__ == class_name for base in type(value).__mro__):
            raise MismatchError
        if isinstance(value, (RoutingType, RoutingChannel)):
            return value._routing
        if isinstance(value, Handle):
            if value._model is None:
                raise MismatchError
            return value._model
        return value

    def setter(self, owner: ClassShape, name: str, type_name: str, path: str) -> tuple[Converter, str]:
        """Return the converter and the C++ type of a property's value."""
        if type_name == "float":
            return boost.to_float, "float" if (owner.name, name) in FLOATS else "double"
        if type_name in ("int", "bool") or self.find_enum(type_name, path) is not None:
            return (boost.to_bool, "bool") if type_name == "bool" else (boost.to_int, "int")
        if type_name == "str":
            return boost.to_str, "TString"
        cpp_names = {
            "RoutingType": "NRoutingApi::TRoutingType",
            "RoutingChannel": "NRoutingApi::TRoutingChannel",
            "Track": "TTrackPyHandle",
            "ClipSlot": "TPyHandle<AGroupAndClipSlotBase>",
        }
        cpp_type = cpp_names.get(type_name, f"TPyHandle<A{type_name}>")
        return (lambda value: self._to_object_of(type_name, value)), cpp_type
