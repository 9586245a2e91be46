"""Takes the pictures of docs/page.md: each place of the page, in the light and the dark theme.

python -m musearoo.tools.workshop.generate.page_pictures [PLACE …]

They show a session that is made for them; browsers draw letters differently, so no check compares them.
"""

import argparse
import io
from collections.abc import Sequence
from typing import Any, Final

from PIL import Image

from musearoo.tools import ROOT
from musearoo.tools.bench.page.opened import OpenedPage, open_own
from musearoo.tools.studio.browser import why_no_browser

FOLDER: Final = ROOT / "docs" / "page"
SIZE: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 390, "height": 780}
THEMES: Final = ("light", "dark")
COLORS: Final = 128
RESTS: Final = 1200
"""Milliseconds until a place has drawn what it reads."""
PLACES: Final = (
    "set", "take", "drums", "compare", "song", "split", "imagine", "along", "ambient", "history", "copilot", "health",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Takes the pictures; returns the exit status."""
    parser = argparse.ArgumentParser(description="Take the pictures of the page.")
    parser.add_argument("places", nargs="*", metavar="PLACE", help=f"of {', '.join(PLACES)} (all)")
    options = parser.parse_args(argv)
    if why := why_no_browser():
        parser.error(why)
    FOLDER.mkdir(exist_ok=True)
    with open_own() as opened:
        addresses = _addresses(opened)
        for place in options.places or PLACES:
            if place == "ambient":
                _begin_ambient(opened)
            for theme in THEMES:
                opened.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
                _take(opened, addresses.get(place, place), theme, f"{place}-{theme}.png")
            # What plays would stand on the pictures of other places.
            opened.page.keyboard.press("Escape")
        opened.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        _take(opened, "set", "dark", "phone-dark.png")
    return 0


def _addresses(opened: OpenedPage) -> dict[str, str]:
    """Return the addresses of the places that show one take, and fill the others with something to see."""
    outcome = opened.ask("refine", {"track": 2, "scene": 1, "changes": ["busier"], "seed": 1})
    busier = outcome["takes"][0]["id"]
    takes: dict[str, Any] = {}
    for take in opened.read(f"/sessions/{opened.session}/takes?limit=50")["items"]:
        takes.setdefault(take["part"], take["id"])
        if take["part"] == "bass" and take["style"] == "funk" and take["id"] != busier:
            takes["plain"] = take["id"]
    opened.ask("say", {"text": "more swing"})
    opened.page.evaluate("document.querySelector('.slot.full')?.click()")
    return {
        "take": f"take/{takes['harmony']}",
        "drums": f"take/{takes['drums']}",
        "compare": f"take/{takes['plain']}/with/{busier}",
    }


def _begin_ambient(opened: OpenedPage) -> None:
    """Play endless music until its layers are told."""
    opened.page.evaluate("() => { location.hash = '#/ambient' }")
    opened.page.click(".preset:has-text('Glass')")
    opened.page.click(".ambient-view .button.main")
    opened.page.wait_for_selector(".layer.sounding")


def _take(opened: OpenedPage, address: str, theme: str, name: str) -> None:
    opened.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    opened.page.evaluate("(address) => { location.hash = `#/${address}` }", address)
    opened.page.wait_for_timeout(RESTS)
    picture = Image.open(io.BytesIO(opened.page.screenshot())).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    picture.save(FOLDER / name, optimize=True)
    print(f"docs/page/{name}")


if __name__ == "__main__":
    raise SystemExit(main())
