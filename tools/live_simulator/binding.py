"""Builds the `Live` package of a profile: the classes that scripts see, over the models.

Every class has exactly the members of the shape table. A member's model may lack behaviour; then
touching it raises NotSimulatedError. A member that the profile lacks is not there at all.
"""

from __future__ import annotations

import types
from typing import Any, Callable

from tools.live_simulator import boost
from tools.live_simulator.boost import Converter, MismatchError, Signature
from tools.live_simulator.objects import Context, Model, NotSimulatedError
from tools.live_simulator.shapes import ClassShape, FunctionShape, ModuleShape, PropertyShape, Shape
from tools.live_simulator.values import RoutingChannel, RoutingType, make_enum, make_vector

FLOATS = {("Song", "tempo"), ("DeviceParameter", "value"), ("Clip", "gain"), ("Clip", "pitch_fine")}
"""Properties whose C++ setter takes a float, not a double: they show it in their error text."""


class Handle:
    """What scripts hold of an object of the set. A dead one equals None; touching it raises."""

    __slots__ = ("__weakref__", "_model", "_pointer")

    _model: Model | None
    _pointer: int

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    def _release(self) -> None:
        self._model = None

    def __eq__(self, other: object) -> bool:
        if other is None:
            return self._model is None
        return self is other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._pointer)


class Binding:
    """The `Live` package of one profile, bound to the models of one set."""

    def __init__(
        self,
        shape: Shape,
        context: Context,
        models: dict[str, type],
        value_classes: dict[str, type],
        functions: dict[str, Callable[..., Any]],
    ) -> None:
        self.shape = shape
        self.context = context
        self._value_classes = value_classes
        self._functions = functions
        self._class_of_model: dict[type, type] = {}
        self._model_of_path = models
        self._enums: dict[str, type] = {}
        self._vectors: dict[str, type] = {}
        self._handle_classes: dict[str, type] = {}
        self.classes: dict[str, type] = {}
        self.modules: dict[str, types.ModuleType] = {}
        self._collect_enums_and_vectors()
        for name, module in shape.modules.items():
            self.modules["Live." + name] = self._make_module(name, module)
        self.package = self._make_package()
        context.make_handle = self.handle_of

    # ---------------------------------------------------------------------------------- packages

    def _make_package(self) -> types.ModuleType:
        package = types.ModuleType("Live", f"The simulated Live API, version {self.shape.live_version}.")
        package.__path__ = []
        for path, module in self.modules.items():
            setattr(package, path.partition(".")[2], module)

        def missing(name: str) -> Any:
            if name in self.shape.other_modules:
                raise self.context.report_not_simulated("Live." + name)
            raise AttributeError(f"module 'Live' has no attribute {name!r}")

        package.__getattr__ = missing  # type: ignore[method-assign]
        return package

    def _make_module(self, name: str, shape: ModuleShape) -> types.ModuleType:
        module = types.ModuleType("Live." + name)
        for enum_name in shape.enums:
            setattr(module, enum_name, self._enums[f"{name}.{enum_name}"])
        for class_name in self._in_order(shape.classes):
            made = self._make_class(name, f"{name}.{class_name}", shape.classes[class_name])
            setattr(module, class_name, made)
        for function_name, function in shape.functions.items():
            setattr(module, function_name, self._make_function(name, function_name, function))
        return module

    @staticmethod
    def _in_order(classes: dict[str, ClassShape]) -> list[str]:
        """Return the names with bases before the classes built on them."""
        return sorted(classes, key=lambda name: len(classes[name].bases))

    def _collect_enums_and_vectors(self) -> None:
        def visit(path: str, module: str, enums: dict[str, dict[str, int]], classes: dict[str, ClassShape]) -> None:
            for name, members in enums.items():
                self._enums[f"{path}.{name}"] = make_enum(name, module, members)
            for name, shape in classes.items():
                if name.endswith("Vector"):
                    made = self._value_classes.get(f"{path}.{name}") or make_vector(name, module)
                    self._vectors[name] = made
                visit(f"{path}.{name}", module, shape.enums, shape.classes)

        for name, module in self.shape.modules.items():
            visit(name, name, module.enums, module.classes)

    # ----------------------------------------------------------------------------------- classes

    def _make_class(self, module: str, path: str, shape: ClassShape) -> type:
        if path in self._value_classes:
            made = self._value_classes[path]
        elif shape.name in self._vectors:
            made = self._vectors[shape.name]
        else:
            made = self._make_handle_class(module, path, shape)
        self.classes[path] = made
        return made

    def _make_handle_class(self, module: str, path: str, shape: ClassShape) -> type:
        bases = tuple(self.classes[base] for base in shape.bases[:1] if base in self.classes) or (Handle,)
        model = self._model_of_path.get(path)
        namespace: dict[str, Any] = {"__module__": module, "__slots__": ()}
        handle_type = self._cpp_handle(shape)
        for name, enum_members in shape.enums.items():
            del enum_members
            namespace[name] = self._enums[f"{path}.{name}"]
        for name, property_shape in shape.properties.items():
            if name == "_live_ptr":
                namespace[name] = property(_pointer_of)
            else:
                namespace[name] = self._make_property(path, shape, handle_type, name, property_shape, model)
        for name, method_shape in shape.methods.items():
            namespace[name] = self._make_method(path, shape, name, method_shape, model)
        for name in shape.observables:
            namespace.update(self._make_listener_methods(handle_type, name))
        for name, nested in shape.classes.items():
            namespace[name] = self._make_class(module, f"{path}.{name}", nested)
        made = type(shape.name, bases, namespace)
        if model is not None:
            self._class_of_model[model] = made
        return made

    @staticmethod
    def _cpp_handle(shape: ClassShape) -> str:
        """Return the C++ type of the class's handle, as its methods' signatures tell it."""
        for method in shape.methods.values():
            signature = boost.parse_signature(method)
            if signature.parameters:
                return signature.parameters[0].cpp_type
        return f"TPyHandle<A{shape.name}>"

    # ----------------------------------------------------------------------------------- handles

    def handle_of(self, model: Model) -> Any:
        """Return the handle of a model: the same one as long as the object lives."""
        if model.handle is None:
            handle: Any = object.__new__(self._class_of_model[type(model)])
            handle._model = model
            handle._pointer = self.context.next_pointer()
            model.handle = handle
            self.context.handle_count += 1
        return model.handle

    def wrap(self, value: Any) -> Any:
        """Return what a script sees of a model's value."""
        if isinstance(value, Model):
            return self.handle_of(value)
        return value

    def _result(self, type_name: str, path: str) -> Callable[[Any], Any]:
        """Return the function that turns a model's value into the Python type of the signature."""
        enum = self._find_enum(type_name, path)
        if enum is not None:
            return lambda value: enum(value)
        if type_name in self._vectors:
            vector = self._vectors[type_name]
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
        classes = self._value_classes
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
        made._layout = self._enums["Track.RoutingChannelLayout"](routing.number)
        return made

    def _find_enum(self, type_name: str, path: str) -> Any:
        """Return the enum of that name nearest to the class: nested, of its module, of any module."""
        module = path.partition(".")[0]
        for candidate in (f"{path}.{type_name}", f"{module}.{type_name}"):
            if candidate in self._enums:
                return self._enums[candidate]
        for candidate, enum in self._enums.items():
            if candidate.endswith("." + type_name):
                return enum
        return None

    # ---------------------------------------------------------------------------------- arguments

    def _converter(self, python_type: str, cpp_type: str) -> Converter:
        """Return what turns a script's argument into the model's value, or raises MismatchError."""
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
            return self._instance(self._vectors[python_type])
        return lambda value: self._to_object_of(python_type, value)

    @staticmethod
    def _instance(wanted: type) -> Converter:
        def convert(value: Any) -> Any:
            if not isinstance(value, wanted):
                raise MismatchError
            return value

        return convert

    def _to_object_of(self, class_name: str, value: Any) -> Any:
        """Return the model behind a live handle of that class, or a value object of it."""
        if not any(base.__name__ == class_name for base in type(value).__mro__):
            raise MismatchError
        if isinstance(value, (RoutingType, RoutingChannel)):
            return value._routing
        if isinstance(value, Handle):
            if value._model is None:
                raise MismatchError
            return value._model
        return value

    # ------------------------------------------------------------------------------------ members

    def _make_property(
        self,
        path: str,
        owner: ClassShape,
        handle_type: str,
        name: str,
        shape: PropertyShape,
        model_class: type | None,
    ) -> property:
        member = "{}.{}".format(path.partition(".")[2], name)
        optional = shape.type.endswith(" | None")
        type_name = shape.type[: -len(" | None")] if optional else shape.type
        result = self._result(type_name, path)
        context = self.context

        def read(handle: Any) -> Any:
            model = handle._model
            if model is None:
                raise boost.argument_error("None", "None", (handle,), f"None({handle_type})")
            try:
                value = getattr(model, name)
            except AttributeError:
                raise self._gap(model, name, member) from None
            return None if value is None else result(value)

        if not shape.settable:
            return property(read)
        convert, cpp_type = self._setter(owner, name, type_name, path)

        def assign(handle: Any, value: Any) -> None:
            model = handle._model
            try:
                if model is None:
                    raise MismatchError
                converted = None if optional and value is None else convert(value)
            except MismatchError:
                cpp = f"None({handle_type}, {cpp_type})"
                raise boost.argument_error("None", "None", (handle, value), cpp) from None
            context.assert_writable()
            try:
                with context.step():
                    setattr(model, name, converted)
            except AttributeError:
                raise self._gap(model, name, member) from None

        if model_class is None:
            return property(read, assign)
        return property(read, self._or_refusal(assign, model_class, name, member))

    def _or_refusal(
        self, assign: Callable[[Any, Any], None], model_class: type, name: str, member: str
    ) -> Callable[[Any, Any], None]:
        """Return the setter, or one that refuses where the model could not know what to do with a value.

        A model's plain instance attribute would swallow the value without any effect in the set.
        """
        descriptor = getattr(model_class, name, None)
        if hasattr(descriptor, "__set__"):
            return assign

        def refuse(_: Any, __: Any) -> None:
            raise self.context.report_not_simulated("setting " + member)

        return refuse

    def _gap(self, model: Model, name: str, member: str) -> Exception:
        """Return the error for an AttributeError from a model: a gap, unless the model itself is broken."""
        if hasattr(type(model), name) or name in model.__dict__:
            return NotSimulatedError(f"{member} failed inside the simulator")
        return self.context.report_not_simulated(member)

    def _setter(self, owner: ClassShape, name: str, type_name: str, path: str) -> tuple[Converter, str]:
        """Return the converter and the C++ type of a property's value."""
        if type_name == "float":
            return boost.to_float, "float" if (owner.name, name) in FLOATS else "double"
        if type_name in ("int", "bool") or self._find_enum(type_name, path) is not None:
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

    def _make_method(
        self, path: str, owner: ClassShape, name: str, shape: FunctionShape, model_class: type | None
    ) -> Callable[..., Any]:
        signature = boost.parse_signature(shape)
        converters = self._converters(signature)
        member = "{}.{}".format(path.partition(".")[2], name)
        result = self._result(signature.result, path)
        implementation = getattr(model_class, name, None)
        changes = getattr(implementation, "changes", True)
        opens_step = changes and getattr(implementation, "opens_step", True)
        context = self.context

        def call(handle: Any, *values: Any, **keywords: Any) -> Any:
            arguments = boost.bind(signature, owner.name, converters, (handle, *values), keywords)
            if implementation is None:
                raise context.report_not_simulated(member)
            if changes:
                context.assert_writable()
            if opens_step:
                with context.step():
                    value = implementation(*arguments)
            else:
                value = implementation(*arguments)
            return None if value is None else result(value)

        call.__name__ = name
        call.__doc__ = shape.signature
        return call

    def _converters(self, signature: Signature) -> tuple[Converter, ...]:
        return tuple(self._converter(p.python_type, p.cpp_type) for p in signature.parameters)

    def _make_listener_methods(self, handle_type: str, name: str) -> dict[str, Callable[..., Any]]:
        def alive(handle: Any, method: str, values: tuple[Any, ...]) -> Model:
            model: Model | None = handle._model
            if model is None or len(values) != 1 or not callable(values[0]):
                cpp = f"{method}({handle_type}, boost::python::api::object)"
                raise boost.argument_error(type(handle).__name__, method, (handle, *values), cpp)
            return model

        def add(handle: Any, *values: Any) -> None:
            model = alive(handle, f"add_{name}_listener", values)
            if not model.announces(name):
                raise self.context.report_not_simulated(f"listening to {type(handle).__name__}.{name}")
            model.add_listener(name, values[0])

        def remove(handle: Any, *values: Any) -> None:
            alive(handle, f"remove_{name}_listener", values).remove_listener(name, values[0])

        def has(handle: Any, *values: Any) -> bool:
            return alive(handle, f"{name}_has_listener", values).has_listener(name, values[0])

        return {
            f"add_{name}_listener": add,
            f"remove_{name}_listener": remove,
            f"{name}_has_listener": has,
        }

    def _make_function(self, module: str, name: str, shape: FunctionShape) -> Callable[..., Any]:
        signature = boost.parse_signature(shape)
        converters = self._converters(signature)
        path = f"{module}.{name}"
        implementation = self._functions.get(path)
        result = self._result(signature.result, module)

        def call(*values: Any, **keywords: Any) -> Any:
            arguments = boost.bind(signature, module, converters, values, keywords)
            if implementation is None:
                raise self.context.report_not_simulated("Live." + path)
            value = implementation(*arguments)
            return None if value is None else result(value)

        call.__name__ = name
        call.__doc__ = shape.signature
        return call


def _pointer_of(handle: Any) -> int:
    if handle._model is None:
        raise boost.argument_error("None", "None", (handle,), "None(TPyHandleBase)")
    pointer: int = handle._pointer
    return pointer
