"""Options specific to one engine, written as text: "voicing=drop2; octave=1"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec

from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.params import EngineParams

IN_WORDS: Final = {int: "a whole number", float: "a number", bool: "true or false"}


def read_options(params: type[EngineParams], text: str) -> dict[str, Any]:
    """Return an engine's parameters parsed from a text, by name and typed; ParamError names what it cannot parse.

    Parameters shared by all engines are not allowed here, since every request has fields for them.

    >>> from musearoo.engines.players.bass.engine import BassParams
    >>> read_options(BassParams, "octave = 1")
    {'octave': 1}
    >>> read_options(BassParams, "octave = up")
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: option octave must be a whole number, but was 'up'
    """
    own = option_names(params)
    found: dict[str, Any] = {}
    for word in _words(text):
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign or name not in own:
            known = f"as name=value, of {', '.join(own)}" if own else "empty: this engine knows none"
            raise ParamError("options", known, word)
        kind = get_type_hints(params)[name]
        is_list = get_origin(kind) is tuple
        try:
            found[name] = msgspec.convert(_split(value, ",") if is_list else value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise ParamError(f"option {name}", _describe(kind), value) from error
    return found


def share_options(params: Mapping[Role, type[EngineParams]], text: str) -> dict[Role, dict[str, Any]]:
    """Return for each player of a band the options of a text that it knows; ParamError for an option unknown to all.

    >>> from musearoo.engines.players.bass.engine import BassParams
    >>> share_options({"drums": EngineParams, "bass": BassParams}, "manner=pedal")
    {'drums': {}, 'bass': {'manner': 'pedal'}}
    """
    shares: dict[Role, list[str]] = {role: [] for role in params}
    for word in _words(text):
        name = word.partition("=")[0].strip()
        takers = [role for role, own in params.items() if name in option_names(own)]
        if not takers:
            known = ", ".join(sorted({name for own in params.values() for name in option_names(own)}))
            raise ParamError("options", f"as name=value, of {known}" if known else "empty: nobody here knows any", word)
        for role in takers:
            shares[role].append(word)
    return {role: read_options(params[role], ";".join(words)) for role, words in shares.items()}


def require_options(params: EngineParams) -> None:
    """Raise ParamError for a parameter of an engine's own whose value does not fit its type, bounds included."""
    own: Any = type(params)
    for name, kind in option_kinds(own).items():
        value = getattr(params, name)
        try:
            fitting = msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise ParamError(name, _describe(kind), value) from error
        # Whole numbers are taken from 1.0, too, and NaN is within all bounds.
        if type(value) is float and (type(fitting) is int or math.isnan(value)):
            raise ParamError(name, _describe(kind), value)


@cache
def option_kinds(params: Any) -> dict[str, Any]:
    """Return the types of the parameters that only this engine has, with their bounds."""
    hints = get_type_hints(params, include_extras=True)
    return {name: hints[name] for name in option_names(params)}


def option_names(params: type[EngineParams]) -> list[str]:
    """Return the names of the parameters that only this engine has."""
    shared = {field.name for field in fields(EngineParams)}
    return sorted(field.name for field in fields(params) if field.name not in shared)


def _describe(kind: Any) -> str:
    """Describe a type's values in words.

    >>> from typing import Literal
    >>> _describe(float), _describe(Literal["half", "double"] | None), _describe(tuple[Literal["pad", "bells"], ...])
    ('a number', 'one of half, double', 'of pad, bells, with commas between')
    """
    if kind in IN_WORDS:
        return IN_WORDS[kind]
    if get_origin(kind) is Annotated:
        base, bounds = get_args(kind)
        if base is str:
            return f"a text of at most {bounds.max_length} letters"
        return f"{'a whole number from ' * (base is int)}{bounds.ge:g} to {bounds.le:g}"
    inner = [one for one in get_args(kind) if one not in (NoneType, Ellipsis)]
    if get_origin(kind) is tuple:
        return f"{_describe(inner[0]).removeprefix('one ')}, with commas between"
    if inner and all(isinstance(one, str) for one in inner):
        return f"one of {', '.join(inner)}"
    return " or ".join(map(_describe, inner)) or str(kind)


def _words(text: str) -> list[str]:
    return _split(text, ";")


def _split(text: str, mark: str) -> list[str]:
    return [word for part in text.split(mark) if (word := part.strip())]
