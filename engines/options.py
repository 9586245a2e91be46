"""What only one engine can be asked for, written as a text: "voicing=drop2; octave=1"."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

import msgspec

from engines.errors import ParamError
from engines.params import EngineParams


def read_options(params: type[EngineParams], text: str) -> dict[str, Any]:
    """The parameters of an engine that a text gives, by name and in their types; ParamError names what it cannot read.

    What all engines share is not among them: it has a place of its own in every request.

    >>> from engines.bassaroo.engine import BassParams
    >>> read_options(BassParams, "octave = 1")
    {'octave': 1}
    """
    shared = {field.name for field in fields(EngineParams)}
    own = sorted(field.name for field in fields(params) if field.name not in shared)
    found: dict[str, Any] = {}
    for word in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign or name not in own:
            known = f"as name=value, of {', '.join(own)}" if own else "empty: this engine knows none"
            raise ParamError("options", known, word)
        try:
            found[name] = msgspec.convert(value, get_type_hints(params)[name], strict=False)
        except msgspec.ValidationError as error:
            raise ParamError(f"option {name}", str(error)[:1].lower() + str(error)[1:], value) from error
    return found
