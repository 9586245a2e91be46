"""Write a style's data as readable YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

WIDTH: Final = 110
"""The greatest line length of fields written on one line."""
ROWS: Final = frozenset((
    "kick", "snare", "cross_stick", "clap", "ghosts", "hits", "opens", "pedal", "hands", "left", "feet", "onsets",
    "tones", "hand", "extra", "rhythm", "chords",
))  # fmt: skip
"""The fields whose values are rows of steps or chords."""


def write_style(data: Mapping[str, object], comment: str) -> str:
    """Return the text of a preset after `comment`; `engines.styles.reading.read_mapping` is the inverse."""
    lines = "".join(f"# {line}\n" for line in comment.splitlines())
    text = yaml.dump(dict(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return f"{lines}{text}"


class _Dumper(yaml.SafeDumper):
    """Writes short records and lists on one line, long ones with a line per field, and rows in quotes."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _is_short(mapping)
        for name, value in node.value:
            if name.value in ROWS and value.tag == "tag:yaml.org,2002:str":
                value.style = '"'
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _is_short(sequence)
        return node


def _is_short(value: Mapping[str, object] | Sequence[object]) -> bool:
    values = list(value.values()) if isinstance(value, Mapping) else list(value)
    plain = not any(isinstance(own, Mapping | list) for own in values)
    # Rows are easier to compare below one another.
    rows = sum(name in ROWS for name in value) if isinstance(value, Mapping) else 0
    return plain and rows <= 1 and len(str(value)) <= WIDTH
