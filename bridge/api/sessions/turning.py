"""Turn a parameter of a take: the request that plays it again, in its place, with the same seed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.requests import Generate, Song
from musearoo.bridge.store.records import Take

Kind = TypeVar("Kind", Generate, Song)

_FIXED: Final = frozenset(("engine", "track", "scene", "replace", "takes", "version", "do", "where"))
"""What turning does not change: where a take is, and whose it is."""
_REFUSALS: Final = {
    "edit": "Notes that were edited by hand have no parameters to turn: edit them, or refine their clip.",
    "refine": "A refined take cannot be turned, for the clip that it came from is not kept: refine its clip again.",
    "split": "A sound has no parameters to turn: split its clip again.",
    "imagine": "A sound has no parameters to turn: imagine another.",
}


class Turned(NamedTuple):
    """What plays a take again. `clip`: the id of the clip in whose slot it is played; 0 for a song, which has many."""

    request: Generate | Song
    clip: int = 0


def turn_take(take: Take, params: Mapping[str, Any]) -> Turned:
    """Return what plays a take again with other parameters. Raises ApiError for a take that cannot be turned.

    A part of a band is played again alone, to the others as they are now; a part of a song with the whole song, whose
    parts and sections all follow its parameters. Track and scene are where the clip was when the take was made.
    """
    kind = take.params.get("do", "")
    if kind not in ("generate", "band", "song") or take.place is None:
        sentence = _REFUSALS.get(kind, f"A take of {kind or 'this kind'} has no parameters to turn: refine its clip.")
        raise ApiError(422, "unsupported", sentence, "take")
    if wrong := sorted(_FIXED & set(params)):
        raise ApiError(422, "bad_parameter", f"{wrong[0]} cannot be turned: ask for another take.", wrong[0])
    made_by = Song if kind == "song" else Generate
    if unknown := sorted(set(params).difference(made_by.__struct_fields__)):
        names = ", ".join(sorted(set(made_by.__struct_fields__) - _FIXED))
        raise ApiError(422, "bad_parameter", f"{unknown[0]} is none of its parameters: {names}.", unknown[0])
    kept = {name: value for name, value in take.params.items() if name not in (*_FIXED, "engines", "lean")}
    wanted = {"seed": take.seed, "style": take.style, **kept, **params}
    if kind == "song":
        # The set's key may be another one now.
        return Turned(_convert({**wanted, "key": wanted.get("key") or take.key}, Song))
    place = {"engine": take.engine, "track": take.place["track"], "scene": take.place["scene"], "replace": True}
    return Turned(_convert({**wanted, **place}, Generate), take.place["clip"])


def _convert(wanted: dict[str, Any], kind: type[Kind]) -> Kind:
    """Return a request from its fields. Raises ApiError for a value that it does not take."""
    try:
        return msgspec.convert({**wanted, "do": kind.__struct_config__.tag}, kind)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".")
        raise ApiError(422, "bad_parameter", f"{field}: {sentence}.", field) from error
