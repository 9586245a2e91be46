"""Chromium without a window, driven by Playwright: for the tests of the page and for its benchmark."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = (
    # Root may not use the sandbox; the pages are our own.
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def find_chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def why_no_browser() -> str:
    """Return why no browser can be driven here, "" if one can."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed: run python3 tools/dev.py setup"
    if find_chromium() is None:
        return "Chromium is not installed: apt install chromium"
    return ""


@contextmanager
def open_browser(*arguments: str) -> Iterator[Browser]:
    """Yield a browser with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        browser = driver.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, *arguments], env=dict(environment)
        )
        try:
            yield browser
        finally:
            browser.close()


def sign_in(context: BrowserContext, token: str) -> None:
    """Give all pages of a context a token, as if a one-time link had been opened."""
    context.add_init_script(f"localStorage.setItem('musearoo.token', {token!r})")
