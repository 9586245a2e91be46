"""The attacks as a table of the documentation.

python -m tests.bridge.api.attacks.table    writes it into docs/security.md
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.bridge.api.attacks import bodies, members, protocol, strangers

PAGE: Final = Path(__file__).parents[4] / "docs" / "security.md"
BEGIN: Final = "<!-- attacks: generated from tests/bridge/api/attacks by `python -m tests.bridge.api.attacks.table` -->"
END: Final = "<!-- end of attacks -->"

ATTACKS: Final = (*strangers.ATTACKS, *members.ATTACKS, *bodies.ATTACKS, *protocol.ATTACKS)


def write_table() -> str:
    """Return the table in Markdown, between its marks."""
    rows = [f"| {attack.name} | {attack.answer} |" for attack in ATTACKS]
    return "\n".join([BEGIN, "| attack | answer |", "|---|---|", *rows, END])


def put_in_step(page: str) -> str:
    """Return a page with the table as it is now. Raises ValueError for a page without its marks."""
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    if not re.search(pattern, page, re.DOTALL):
        raise ValueError("the page has no marks of the table of attacks")
    return re.sub(pattern, lambda _: write_table(), page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(put_in_step(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
