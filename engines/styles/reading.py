"""Read styles from YAML: one file per style, or a folder with one file per section; a style may be based on another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from musearoo.engines.errors import PresetError, unknown_name
from musearoo.engines.foundation.parsing import convert_data, parse_yaml
from musearoo.engines.styles.preset import Name
from musearoo.engines.styles.rows import Row
from musearoo.engines.styles.schema import Style, check_style

WHOLE: Final = "style"
"""The file of a style's folder with the fields shared by all players; the others are named after their section."""
BASED_ON: Final = "based_on"
"""The field that names the base style, which supplies all missing fields and sections."""


def read_mapping(text: str, source_name: str = "style") -> dict[str, object]:
    """Return the data of a YAML text; raises PresetError if it is not a mapping."""
    data = parse_yaml(text, source_name)
    if not isinstance(data, dict):
        raise PresetError(source_name, "", f"expected fields such as name and tempo, got {type(data).__name__}")
    return data


def find_name(data: Mapping[str, object], source_name: str, field: str = "name") -> str:
    """Return the name of a style, or of the one it is based on; raises PresetError if it is not a text.

    >>> find_name({"name": "polka"}, "polka.yaml")
    'polka'
    """
    return convert_data(data.get(field), Name, source_name, field=field)


def join_sections(texts: Mapping[str, str], source_name: str = "style") -> dict[str, object]:
    """Join a style's sections, given as texts by file name without ending.

    >>> join_sections({"style": "name: polka", "bass": "low: E1"})
    {'name': 'polka', 'bass': {'low': 'E1'}}
    """
    if WHOLE not in texts:
        raise PresetError(source_name, "", f"expected a file {WHOLE}.yaml with the style's name and tempo")
    whole = read_mapping(texts[WHOLE], f"{source_name}/{WHOLE}.yaml")
    for section, text in texts.items():
        if section != WHOLE:
            whole[section] = read_mapping(text, f"{source_name}/{section}.yaml")
    return whole


def rest_on_base(
    data: Mapping[str, object], others: Mapping[str, Mapping[str, object]], source_name: str
) -> dict[str, object]:
    """Return a style's data completed from the style it is based on; `others` are styles' data by name.

    A section in the data replaces the whole section of the base. Names and aliases are not inherited.

    >>> rest_on_base({"name": "dub", "based_on": "Reggae"}, {"reggae": {"name": "reggae", "vamp": "Am"}}, "dub.yaml")
    {'vamp': 'Am', 'name': 'dub', 'based_on': 'reggae'}
    """
    chain, joined = [data], dict(data)
    while BASED_ON in joined:
        wanted = find_name(joined, source_name, BASED_ON)
        del joined[BASED_ON]
        base = next((other for name, other in others.items() if _plain(name) == _plain(wanted)), None)
        if base is None:
            raise PresetError(source_name, BASED_ON, f"expected one of {', '.join(sorted(others))}, got {wanted!r}")
        if any(base is before for before in chain):
            raise PresetError(source_name, BASED_ON, f"goes round in a circle at {wanted!r}")
        chain.append(base)
        joined = {key: value for key, value in base.items() if key not in ("name", "aliases")} | joined
    if len(chain) > 1:
        joined[BASED_ON] = chain[1].get("name", "")
    return joined


def parse_style(text_or_mapping: str | Mapping[str, object], source_name: str = "style") -> Style:
    """Return the style of a YAML text or its data; errors raise PresetError with file, field and bounds."""
    data = read_mapping(text_or_mapping, source_name) if isinstance(text_or_mapping, str) else text_or_mapping
    style = convert_data(data, Style, source_name, decode=decode_row, str_keys=True)

    def fail(field: str, problem: str) -> None:
        raise PresetError(source_name, field, problem)

    check_style(style, fail)
    return style


def find_style(name: str, styles: Mapping[str, Style]) -> Style:
    """Return the style with this name or alias, in any spelling; ParamError lists the existing ones."""
    wanted = _plain(name)
    for style in styles.values():
        if wanted in map(_plain, (style.name, *style.aliases)):
            return style
    aliases = (alias for style in styles.values() for alias in style.aliases)
    raise unknown_name("style", name, sorted(style.name for style in styles.values()), aliases)


@cache
def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def decode_row(kind: type, value: object) -> Row:
    """Return a row of steps from its text; for `decode` of `convert_data`."""
    if not issubclass(kind, Row):
        raise NotImplementedError(f"no preset field has the type {kind.__name__}")
    if not isinstance(value, str):
        raise ValueError(f"expected a row of steps as a text, but got {value!r}")
    return kind(value)
