"""Turn a parameter of a take: the request that plays it again, in its slot, with the same seed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.requests import Generate
from musearoo.bridge.store.records import Take

TURNED: Final = ("generate", "band")
"""Kinds of requests whose takes have parameters to turn."""
_FIXED: Final = frozenset(("engine", "track", "scene", "replace", "takes", "version", "do"))
"""What turning does not change: where a take is, and whose it is."""


def turn_take(take: Take, params: Mapping[str, Any]) -> tuple[Generate, int]:
    """Return the request that plays a take again with other parameters, and the id of the take's clip.

    Raises ApiError for a take that cannot be turned. Track and scene are where the clip was when the take was made.

    A part of a band is played again alone, to the others as they are now.
    """
    if take.params.get("do") not in TURNED or take.place is None:
        sentence = f"A take of {take.params.get('do', 'this kind')} has no parameters to turn: refine its clip."
        raise ApiError(422, "unsupported", sentence, "take")
    if wrong := sorted(_FIXED & set(params)):
        raise ApiError(422, "bad_parameter", f"{wrong[0]} cannot be turned: ask for another take.", wrong[0])
    kept = {name: value for name, value in take.params.items() if name not in (*_FIXED, "engines")}
    wanted = {
        "seed": take.seed,
        "style": take.style,
        **kept,
        **params,
        "do": "generate",
        "engine": take.engine,
        "track": take.place["track"],
        "scene": take.place["scene"],
        "replace": True,
    }
    try:
        return msgspec.convert(wanted, Generate), take.place["clip"]
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".")
        raise ApiError(422, "bad_parameter", f"{field}: {sentence}.", field) from error
