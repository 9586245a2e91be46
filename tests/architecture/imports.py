"""What a module imports, read from its source without running it, and which rules of the layers that breaks."""

import ast
import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture.layers import HARMLESS, LAYERS, MAY_IMPORT_TOOLS, WORLD, place

ROOT = Path(__file__).resolve().parents[2]
_GENERIC_SINCE_3_9 = ("dict", "frozenset", "list", "set", "tuple", "type")
OURS = frozenset({"bridge", "engines", "max_for_live", "musearoo", "presets", "remote_scripts", "tests", "tools"})
IMPURE = ("open", "print", "input")
PACKAGE = "musearoo."
"""What stands before every name of ours but `tests`; it is left out here."""


@dataclass(frozen=True, slots=True)
class Import:
    line: int
    module: str
    # What is taken from it; empty for a plain `import`.
    names: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


def name_module(path: Path) -> str:
    """The dotted name of a file of the project.

    >>> name_module(ROOT / "bridge" / "__init__.py")
    'bridge'
    """
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def read_imports(source: str, package: str) -> Iterator[Import]:
    """Every import of a source, also those inside functions; relative ones are resolved against the package.

    >>> list(read_imports("from .note import Note", "engines.music"))
    [Import(line=1, module='engines.music.note', names=('Note',))]
    """
    for node in _scan(source):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name.removeprefix(PACKAGE)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield Import(node.lineno, module.removeprefix(PACKAGE), tuple(alias.name for alias in node.names))


@functools.cache
def _scan(source: str) -> tuple[ast.Import | ast.ImportFrom | ast.Call, ...]:
    """The imports of a source, and its calls of functions that no pure layer may call. Several tests read each file."""
    return tuple(
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE)
    )


def find_breaches(source: str, module: str, *, is_package: bool = False) -> tuple[str, ...]:
    """What a module of `bridge` or `engines` does that its layer may not, one sentence each."""
    number = place(module)
    if number is None:
        return (f"{module} has no place in tests/architecture/layers.py",)
    layer = LAYERS[number]
    package = module if is_package else module.rpartition(".")[0]
    breaches: list[str] = []
    for found in read_imports(source, package):
        where = f"{module}:{found.line}: {layer.name} may not import"
        if found.top in OURS:
            breaches.extend(f"{where} {target}" for target in name_targets(found) if not _may_import(module, target))
        elif layer.pure and found.top in WORLD:
            harmful = set(found.names) - HARMLESS.get(found.top, set()) if found.names else {found.module}
            breaches.extend(f"{where} {found.top} ({name})" for name in sorted(harmful))
        elif (
            found.top not in sys.stdlib_module_names and layer.packages is not None and found.top not in layer.packages
        ):
            breaches.append(f"{where} {found.top}")
    if layer.pure:
        breaches.extend(
            f"{module}:{node.lineno}: {layer.name} may not call {node.func.id}()"
            for node in _scan(source)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        )
    return tuple(breaches)


def read_graph(folder: str) -> dict[str, set[str]]:
    """The modules of a folder at the top, each with those of the same folder that it imports, also for types alone."""
    graph: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        module = name_module(path)
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        targets = {
            target
            for found in read_imports(path.read_text(encoding="utf-8"), package)
            if found.top == folder
            for target in name_targets(found)
        }
        graph[module] = targets - {module}
    return graph


def by_folder(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """A graph of modules as one of folders. What lies at the top, and a package's own file, counts as a module."""

    def folder_of(module: str) -> str:
        return module if module in packages or module.count(".") <= 1 else module.rpartition(".")[0]

    packages = {module for module in graph if any(other.startswith(f"{module}.") for other in graph)}
    folders: dict[str, set[str]] = {}
    for module, targets in graph.items():
        if module not in packages:
            own = folder_of(module)
            others = {folder_of(target) for target in targets if target not in packages}
            folders.setdefault(own, set()).update(others - {own})
    return folders


def find_circle(graph: dict[str, set[str]]) -> tuple[str, ...]:
    """One circle of a graph, empty where there is none.

    >>> find_circle({"a": {"b"}, "b": set()}), find_circle({"a": {"b"}, "b": {"a"}})
    ((), ('a', 'b', 'a'))
    """
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def has_modern_annotations(source: str) -> bool:
    """Whether an annotation would fail when Python 3.7 evaluated it: `list[str]`, `int | None`."""
    annotations: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            annotations.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            annotations.append(node.returns)
    parts = [part for annotation in annotations if annotation for part in ast.walk(annotation)]
    return any(
        (isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr))
        or (
            isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name) and part.value.id in _GENERIC_SINCE_3_9
        )
        for part in parts
    )


def name_targets(found: Import) -> tuple[str, ...]:
    """The modules that an import of ours reaches: `from bridge import protocol` reaches bridge.protocol.

    What is taken from a package may be a module or a name in it; the disk tells.
    """
    folder = ROOT.joinpath(*found.module.split("."))
    modules = [name for name in found.names if (folder / name).is_dir() or (folder / f"{name}.py").is_file()]
    return tuple(f"{found.module}.{name}" for name in modules) if modules else (found.module,)


def _may_import(module: str, target: str) -> bool:
    if target == "musearoo":
        return True  # its version
    if target.split(".")[0] == "tools":
        return f"{module}.".startswith(f"{MAY_IMPORT_TOOLS}.")
    own, other = place(module), place(target)
    return own is not None and other is not None and other <= own
