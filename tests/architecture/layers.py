"""The layers, lowest first: the folders of each, and what its modules may import. Put every new folder here.

A module may import its own layer and those above it in this table. Between folders no circle of imports is allowed.
"""

from dataclasses import dataclass

# What a pure module has no business with: clocks, chance, files, processes, the network. They arrive as arguments.
# fmt: off
WORLD = frozenset({
    "asyncio", "concurrent", "datetime", "ftplib", "getpass", "glob", "http", "logging", "multiprocessing",
    "os", "pathlib", "queue", "random", "secrets", "select", "selectors", "shutil", "signal", "socket",
    "socketserver", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "webbrowser",
})
# fmt: on

# What is harmless of them: paths that touch no disk, and a generator that is given its seed.
HARMLESS = {"pathlib": {"PurePath", "PurePosixPath", "PureWindowsPath"}, "random": {"Random"}}


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    # Folders or single modules, each with all that is in it; a longer name elsewhere in the table takes precedence.
    folders: tuple[str, ...]
    # Third-party packages that it may import; None for any that pyproject.toml names.
    packages: frozenset[str] | None
    pure: bool = False


# fmt: off
LAYERS: tuple[Layer, ...] = (
    Layer("music data", ("engines", "engines.music"), frozenset({"msgspec"}), pure=True),
    Layer(
        "engines",
        ("engines.foundation", "engines.styles", "engines.analysis", "engines.players", "engines.improvisation",
         "engines.prompts", "engines.language", "engines.ambient"),
        frozenset({"msgspec", "yaml"}),
        pure=True,
    ),
    # Runs in the daemon too, but is imported only when the first clip is analyzed.
    Layer("fast analysis", ("engines.analysis.fast",), frozenset({"msgspec", "numpy", "scipy"}), pure=True),
    # Works on arrays; the daemon imports it when it is first needed.
    Layer("arrays", ("engines.audio", "engines.players.library"), frozenset({"msgspec", "numpy", "scipy"}), pure=True),
    # Opens files for the models and for the daemon.
    Layer("files", ("engines.regular_files",), frozenset()),
    # Neural models and what feeds them: the daemon takes the light ones, the worker imports the heavy.
    Layer("models", ("engines.neural",), None),
    Layer(
        "pure core",
        ("bridge", "bridge.text", "bridge.protocol", "bridge.live_set", "bridge.requests", "bridge.core",
         "bridge.prediction", "bridge.midi.clock", "bridge.midi.parts"),
        frozenset({"msgspec", "pythonosc"}),
        pure=True,
    ),
    Layer(
        "shells",
        ("bridge.ambient", "bridge.analysis", "bridge.audio", "bridge.cache", "bridge.capture", "bridge.copilot",
         "bridge.imagining", "bridge.jobs", "bridge.links", "bridge.metrics", "bridge.midi", "bridge.models",
         "bridge.process", "bridge.renders", "bridge.services", "bridge.settings", "bridge.speech", "bridge.stems",
         "bridge.store", "bridge.versions"),
        None,
    ),
    # Processes of their own: the daemon imports none of them.
    Layer("servers", ("bridge.api", "bridge.page"), None),
    Layer("wiring", ("bridge.cli", "bridge.commands", "bridge.daemon", "bridge.running"), None),
)
# fmt: on

# Only these start the simulated Live and the benches; the rest of the daemon knows nothing of the tools.
MAY_IMPORT_TOOLS = "bridge.commands"

# Tops whose own files belong to their row, but not their folders: a new folder needs its place.
_TOPS = ("bridge", "engines")


def place(module: str) -> int | None:
    """The number of a module's layer, from the bottom, or None when the table has no place for it.

    >>> place("engines.music.note"), place("engines.players.drums.fills"), place("engines.analysis.fast.analyzer")
    (0, 1, 2)
    >>> place("engines.errors"), place("engines.unheard_of.errors")
    (0, None)
    """
    known = {folder: number for number, layer in enumerate(LAYERS) for folder in layer.folders}
    name = module
    while name:
        if name in known and (name not in _TOPS or module.count(".") <= 1):
            return known[name]
        name = name.rpartition(".")[0]
    return None
