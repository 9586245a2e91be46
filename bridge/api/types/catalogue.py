"""What there is: engines and styles; and whether the server is well."""

from __future__ import annotations

from typing import Any

from musearoo.bridge.api.types.answers import Answer


class EngineInfo(Answer, frozen=True, kw_only=True):
    """An engine. `parameters`: the body of its generate requests as JSON Schema, with ranges, choices and defaults.

    What is counted or measured has its unit in `x-unit`. `options`: the parameters that only it has, which are in
    `parameters`, too.
    """

    name: str
    title: str
    part: str
    summary: str
    parameters: dict[str, Any]
    options: dict[str, Any]


class TempoRange(Answer, frozen=True, kw_only=True):
    """The tempos of a style, in beats a minute."""

    low: float
    usual: float
    high: float


class StyleInfo(Answer, frozen=True, kw_only=True):
    """A style: its names, tempos and the forms of its songs."""

    name: str
    aliases: tuple[str, ...]
    tempo: TempoRange
    forms: tuple[str, ...]
    summary: str


class Health(Answer, frozen=True, kw_only=True):
    """Whether the server is well: `ok` while it runs, `ready` when it can be asked."""

    status: str
    version: str = ""
