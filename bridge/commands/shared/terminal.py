"""A terminal that shows names, paths and sentences literally: no control sequence in them takes effect."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape as escape_markup
from rich.segment import Segment

from musearoo.bridge.text.escaping import escape_line, escape_lines


class Terminal(Console):
    """A console on which control sequences in text have no effect; only rich's own styles do."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return the text with control sequences made visible."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(escape_lines(segment.text), segment.style)


def escape(text: str) -> str:
    """Escape a name or a sentence for one line of rich's markup."""
    return escape_markup(escape_line(text))
