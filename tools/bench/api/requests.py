"""The requests that are measured: short parts by the engines in turn, each in a set where it plays alone.

Reading what others play takes as long with a server as without, and longer than the engine: alone, the engine shows.
"""

from __future__ import annotations

from typing import Any, Final

from musearoo.bridge.api.types.requests import Generate

ENGINES: Final = ("drummaroo", "bassaroo", "harmonyroo", "melodyroo")
BARS: Final = 8
STYLE: Final = "funk"


def set_of(number: int) -> int:
    """Return in which of the sets, one for each engine, the request of a number is made."""
    return number % len(ENGINES)


def make_request(number: int) -> Generate:
    """Return the request of a number: the same one, with the same seed, for everybody who is measured."""
    return Generate(engine=ENGINES[set_of(number)], style=STYLE, bars=BARS, seed=number, scene=1, replace=True)


def body_of(request: Generate) -> dict[str, Any]:
    """Return a request as a client writes it, for JSON and msgpack; REST names its engine in the path as well."""
    return {
        "engine": request.engine,
        "style": request.style,
        "bars": request.bars,
        "seed": request.seed,
        "scene": request.scene,
        "replace": request.replace,
    }
