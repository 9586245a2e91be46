"""Build the `Live` package of a profile: the classes that scripts see, as wrappers of the models.

Every class has exactly the members of the shape table. Using a member that the model does not implement raises
NotSimulatedError. A member that is not in the profile does not exist.
"""

from __future__ import annotations

import types
import weakref
from typing import Any, Callable, MutableMapping

from musearoo.tools.live_simulator.core import boost
from musearoo.tools.live_simulator.core.boost import Converter, MismatchError, Signature
from musearoo.tools.live_simulator.core.objects import Context, Model, NotSimulatedError
from musearoo.tools.live_simulator.core.shapes import ClassShape, FunctionShape, ModuleShape, PropertyShape, Shape
from musearoo.tools.live_simulator.program.conversion import Conversion
from musearoo.tools.live_simulator.program.handle import Handle


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
        self.handles: MutableMapping[int, Any] = weakref.WeakValueDictionary()
        self.classes: dict[str, type] = {}
        self.modules: dict[str, types.ModuleType] = {}
        self._conversion = Conversion(shape, value_classes, self.wrap)
        made = {name: self._make_module(name, shape.modules[name]) for name in _bases_first(shape.modules)}
        self.modules.update({"Live." + name: made[name] for name in shape.modules})
        self.package = self._make_package()

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
            setattr(module, enum_name, self._conversion.enums[f"{name}.{enum_name}"])
        for class_name in self._in_order(shape.classes):
            made = self._make_class(name, f"{name}.{class_name}", shape.classes[class_name])
            setattr(module, class_name, made)
        for function_name, function in shape.functions.items():
            setattr(module, function_name, self._make_function(name, function_name, function))
        return module

    @staticmethod
    def _in_order(classes: dict[str, ClassShape]) -> list[str]:
        """Return the class names, with base classes first."""
        return sorted(classes, key=lambda name: len(classes[name].bases))

    # ----------------------------------------------------------------------------------- classes

    def _make_class(self, module: str, path: str, shape: ClassShape) -> type:
        if path in self._value_classes:
            made = self._value_classes[path]
        elif shape.name in self._conversion.vectors:
            made = self._conversion.vectors[shape.name]
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
            namespace[name] = self._conversion.enums[f"{path}.{name}"]
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
        """Return the C++ type of the class's handle, taken from its methods' signatures."""
        for method in shape.methods.values():
            signature = boost.parse_signature(method)
            if signature.parameters:
                return signature.parameters[0].cpp_type
        return f"TPyHandle<A{shape.name}>"

    # ----------------------------------------------------------------------------------- handles

    def handle_of(self, model: Model) -> Any:
        """Return the handle of a model: the same one as long as the object exists."""
        if model.handle is None:
            handle: Any = object.__new__(self._class_of(type(model)))
            handle._model = model
            handle._pointer = self.context.next_pointer()
            model.handle = handle
            self.handles[handle._pointer] = handle
            self.context.handle_count += 1
        return model.handle

    def _class_of(self, model: type) -> type:
        """Return the class that scripts see of a model: that of its nearest registered base."""
        return next(self._class_of_model[base] for base in model.__mro__ if base in self._class_of_model)

    def wrap(self, value: Any) -> Any:
        """Return a model's value as scripts see it."""
        if isinstance(value, Model):
            return self.handle_of(value)
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
        result = self._conversion.result(type_name, path)
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
        convert, cpp_type = self._conversion.setter(owner, name, type_name, path)

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
        return property(read, self._or_not_simulated(assign, model_class, name, member))

    def _or_not_simulated(
        self, assign: Callable[[Any, Any], None], model_class: type, name: str, member: str
    ) -> Callable[[Any, Any], None]:
        """Return the setter, or one that raises NotSimulatedError when the model has no setter.

        A plain instance attribute of the model would accept the value without any effect in the set.
        """
        descriptor = getattr(model_class, name, None)
        if hasattr(descriptor, "__set__"):
            return assign

        def refuse(_: Any, __: Any) -> None:
            raise self.context.report_not_simulated("setting " + member)

        return refuse

    def _gap(self, model: Model, name: str, member: str) -> Exception:
        """Return NotSimulatedError for a model's AttributeError, unless the model itself is broken."""
        if hasattr(type(model), name) or name in model.__dict__:
            return NotSimulatedError(f"{member} failed inside the simulator")
        return self.context.report_not_simulated(member)

    def _make_method(
        self, path: str, owner: ClassShape, name: str, shape: FunctionShape, model_class: type | None
    ) -> Callable[..., Any]:
        signature = boost.parse_signature(shape)
        converters = self._converters(signature)
        member = "{}.{}".format(path.partition(".")[2], name)
        result = self._conversion.result(signature.result, path)
        implementation = getattr(model_class, name, None)
        changes = getattr(implementation, "changes", True)
        opens_step = changes and getattr(implementation, "opens_step", True)
        context = self.context

        def call(handle: Any, *values: Any, **keywords: Any) -> Any:
            arguments = boost.bind(signature, owner.name, converters, (handle, *values), keywords)
            # A model of a derived class, such as a drum rack, may do it in its own way.
            perform = getattr(type(arguments[0]), name, implementation)
            if perform is None:
                raise context.report_not_simulated(member)
            if changes:
                context.assert_writable()
            if opens_step:
                with context.step():
                    value = perform(*arguments)
            else:
                value = perform(*arguments)
            return None if value is None else result(value)

        call.__name__ = name
        call.__doc__ = shape.signature
        return call

    def _converters(self, signature: Signature) -> tuple[Converter, ...]:
        return tuple(self._conversion.converter(p.python_type, p.cpp_type) for p in signature.parameters)

    def _make_listener_methods(self, handle_type: str, name: str) -> dict[str, Callable[..., Any]]:
        def alive(handle: Any, method: str, values: tuple[Any, ...]) -> Model:
            model: Model | None = handle._model
            if model is None or len(values) != 1 or not callable(values[0]):
                cpp = f"{method}({handle_type}, boost::python::api::object)"
                raise boost.argument_error(type(handle).__name__, method, (handle, *values), cpp)
            return model

        def add(handle: Any, *values: Any) -> None:
            model = alive(handle, f"add_{name}_listener", values)
            if not model.can_notify(name):
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
        result = self._conversion.result(signature.result, module)

        def call(*values: Any, **keywords: Any) -> Any:
            arguments = boost.bind(signature, module, converters, values, keywords)
            if implementation is None:
                raise self.context.report_not_simulated("Live." + path)
            value = implementation(*arguments)
            return None if value is None else result(value)

        call.__name__ = name
        call.__doc__ = shape.signature
        return call


def _bases_first(modules: dict[str, ModuleShape]) -> list[str]:
    """Return the module names in dependency order: modules with base classes first."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in ordered or name not in modules:
            return
        for shape in modules[name].classes.values():
            for base in shape.bases:
                if base.partition(".")[0] != name:
                    visit(base.partition(".")[0])
        ordered.append(name)

    for name in modules:
        visit(name)
    return ordered


def _pointer_of(handle: Any) -> int:
    if handle._model is None:
        raise boost.argument_error("None", "None", (handle,), "None(TPyHandleBase)")
    pointer: int = handle._pointer
    return pointer
