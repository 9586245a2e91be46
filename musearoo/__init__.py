"""MuseAroo for Python: compose parts with the Roo engines, and analyse files. Neither Live nor the daemon is needed.
`Client` and `AsyncClient` ask a server, of this machine or another.

>>> import musearoo
>>> take = musearoo.generate("drums", style="funk", bars=2, seed=7)
>>> take.bpm, len(take.notes) > 20
(104.0, True)

See docs/python.md for a tour.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from musearoo.client import AsyncClient, Client, ClientError
    from musearoo.files import analyze
    from musearoo.takes import Take, generate, styles

__version__ = "0.1.0"

IN_CHECKOUT = not Path(__file__).with_name("bridge").is_dir()
"""Whether this is a checkout: its packages are next to this folder, those of an installed wheel are inside it."""

if IN_CHECKOUT:
    __path__.append(str(Path(__file__).parents[1]))

__all__ = ["AsyncClient", "Client", "ClientError", "Take", "__version__", "analyze", "generate", "styles"]

_HOMES = {
    "AsyncClient": "client",
    "Client": "client",
    "ClientError": "client",
    "Take": "takes",
    "analyze": "files",
    "generate": "takes",
    "styles": "takes",
}


def how_to_install(group: str) -> str:
    """Return the command that installs an optional group of packages, such as "voice", in this installation."""
    if IN_CHECKOUT:
        return "python3 tools/dev.py setup --with " + group
    return f"pip install 'musearoo[{group}]'"


def __getattr__(name: str) -> Any:
    """Import a public name on first use: the command line starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'musearoo' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("musearoo." + _HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, for `dir` and for completion."""
    return __all__
