"""The page in Chromium, beside a daemon and Live: each button makes its clip, and every page stays in step."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools import ROOT
from musearoo.tools.studio.browser import open_browser, sign_in, why_no_browser
from musearoo.tools.studio.processes import Studio
from musearoo.tools.workshop.generate.npm import NpmError, copy_package, is_offline, why_not
from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from tests.bridge.api.running import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser() or "-")

WITHIN: Final = 20_000
"""Milliseconds for anything on a busy machine."""
IN_STEP: Final = ".lamp[data-state=here]"
PLACES: Final = (
    "set",
    "song",
    "split",
    "imagine",
    "along",
    "ambient",
    "history",
    "copilot",
    "health",
    "sessions",
    "phone",
)
NASTY: Final = '<img src=x onerror="window.broken=1">"\'&amp; \u202eAbc \u05e9\u05dc\u05d5\u05dd'
"""A name that a page must only show: markup, quotes, a change of direction, Hebrew."""


@pytest.fixture(scope="module")
def server(studio: Studio) -> Iterator[RunningServer]:
    """A server of the studio's daemon."""
    with RunningServer(studio.home, "--composers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with open_browser("--autoplay-policy=no-user-gesture-required") as opened:
        yield opened


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of the server."""
    with server.client() as client:
        yield client


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A session on the studio's Live, once the server has its set."""
    ends = time.monotonic() + WITHIN / 1000
    while (made := client.post("/sessions", json={"set": "live"})).status_code != 201:
        assert time.monotonic() < ends, made.text
        time.sleep(0.05)
    found: str = made.json()["id"]
    return found


@pytest.fixture
def own(client: httpx.Client) -> str:
    """A session with a set of its own, in which a band has played."""
    found: str = client.post("/sessions", json={"name": "Own", "bpm": 104, "key": "A minor"}).json()["id"]
    client.post(f"/sessions/{found}/band", json={"style": "funk", "bars": 4, "seed": 7})
    return found


Open = Callable[..., "Page"]


@pytest.fixture
def show(browser: Browser, server: RunningServer) -> Iterator[Open]:
    """Opens a page that is signed in and in step. At the end, no page may have met an error of its own."""
    with server.client() as client:
        # What a one-time link gives: less than the token of the file.
        token = client.post("/tokens", json={"name": "page", "scopes": ["make", "metrics"]}).json()["token"]
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(session: str, place: str = "set", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        sign_in(context, token)
        context.add_init_script(f"localStorage.setItem('musearoo.session', {json.dumps(session)})")
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server.url}/#/{place}")
        page.wait_for_selector(IN_STEP, timeout=WITHIN)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def clips_of(studio: Studio) -> int:
    """How many clips Live's Session has."""
    live: Any = studio.live
    tracks = int(live.call("len(song.tracks)"))
    return sum(
        bool(live.call(f"song.tracks[{track}].clip_slots[{scene}].has_clip"))
        for track in range(tracks)
        for scene in range(int(live.call("len(song.scenes)")))
    )


def press(page: Page, name: str) -> None:
    """Press a button, and wait until it is no longer at work."""
    button = page.get_by_role("button", name=name, exact=True)
    button.click()
    page.wait_for_function("() => !document.querySelector('.button[aria-busy=true]')", timeout=WITHIN)


def test_each_button_makes_its_clip_in_live_and_undo_takes_it_back(
    show: Open, session: str, client: httpx.Client
) -> None:
    def count() -> int:
        return len(client.get(f"/sessions/{session}/set").json()["clips"])

    page = show(session)
    before = count()
    for name, more in (
        ("Drums", 1),
        ("Bass", 1),
        ("Chords", 1),
        ("Melody", 1),
        ("Atmosphere", 1),
        ("Again", 1),
        ("Busier", 1),
    ):
        was = count()
        press(page, name)
        assert count() == was + more, (name, page.locator(".toast").all_inner_texts())
    page.wait_for_function(
        "(count) => document.querySelectorAll('.slot.full').length === count", arg=count(), timeout=WITHIN
    )
    for _ in range(7):
        press(page, "Undo")
    assert count() == before
    press(page, "Band")
    assert count() > before + 2
    press(page, "Undo")
    assert count() == before


def test_clips_are_launched_and_stopped_in_live(show: Open, session: str, studio: Studio) -> None:
    def is_playing() -> bool:
        return bool(studio.live.get("song.is_playing"))

    page = show(session)
    press(page, "Drums")
    page.locator(".slot.full").last.click()
    press(page, "Launch in Live")
    page.wait_for_selector(".slot.full.playing", timeout=WITHIN)
    press(page, "Stop in Live")
    page.wait_for_selector(".slot.full.playing", state="detached", timeout=WITHIN)
    press(page, "Launch in Live")
    page.wait_for_selector(".slot.full.playing", timeout=WITHIN)
    press(page, "Stop all clips")
    page.wait_for_selector(".slot.full.playing", state="detached", timeout=WITHIN)
    assert is_playing()
    press(page, "Stop Live")
    page.get_by_role("button", name="Play Live").wait_for(timeout=WITHIN)
    assert not is_playing()
    press(page, "Play Live")
    page.get_by_role("button", name="Stop Live").wait_for(timeout=WITHIN)
    press(page, "Stop Live")
    press(page, "Undo")


def test_who_comes_for_the_first_time_sees_lives_set(show: Open, session: str) -> None:
    assert session
    page = show("")
    assert page.evaluate("(async () => (await import('/page/store.js')).session.value.set)()") == "live"


def test_a_link_of_the_command_opens_the_page_once(browser: Browser, server: RunningServer) -> None:
    words = [sys.executable, "-m", "musearoo", "page", "--no-browser", "--json"]
    home = {**os.environ, HOME_VARIABLE: str(server.home)}
    done = subprocess.run(words, env=home, capture_output=True, text=True, timeout=60, check=True)
    link = json.loads(done.stdout)["link"]
    for works in (True, False):
        context = browser.new_context()
        page = context.new_page()
        page.goto(link)
        if works:
            page.wait_for_selector(IN_STEP, timeout=WITHIN)
            assert "open=" not in page.url
            page.reload()
            page.wait_for_selector(IN_STEP, timeout=WITHIN)
        else:
            page.wait_for_selector("[role=alert]", timeout=WITHIN)
            assert "musearoo page" in page.locator("main").inner_text()
        context.close()


def test_two_pages_see_each_other(show: Open, own: str) -> None:
    one, other = show(own), show(own)
    slots = other.locator(".slot.full")
    before = slots.count()
    press(one, "Drums")
    other.wait_for_function(f"() => document.querySelectorAll('.slot.full').length === {before + 1}", timeout=WITHIN)
    assert "drums" in other.locator(".sentence").inner_text().lower()
    one.get_by_role("button", name="Mute DrummaRoo").click()
    other.wait_for_selector("[aria-label='Mute DrummaRoo'][aria-pressed=true]", timeout=WITHIN)


def test_endless_music_is_heard_joined_and_steered_by_all(show: Open, own: str) -> None:
    one = show(own, "ambient")
    one.get_by_role("button", name="Tape").click()
    one.get_by_role("button", name="Begin", exact=True).click()
    tells = ".ambient-view [role=status]"
    one.wait_for_selector(f"{tells}:has-text('Tape, ')", timeout=WITHIN)
    one.wait_for_selector(".player:has-text('ms latency')", timeout=WITHIN)
    other = show(own, "ambient")
    assert other.locator(".preset[aria-pressed=true] strong").inner_text() == "Drift"
    other.get_by_role("button", name="Begin", exact=True).click()
    # It joins what the first one hears, with its wishes.
    other.wait_for_selector(".preset[aria-pressed=true]:has-text('Tape')", timeout=WITHIN)
    other.get_by_role("button", name="Glass").click()
    other.get_by_label("Key").select_option("G")
    for page in (one, other):
        page.wait_for_selector(f"{tells}:has-text('Glass, G minor')", timeout=WITHIN)
        page.wait_for_selector(".ambient-view [aria-label^='Chords: ']")
    one.wait_for_selector(".preset[aria-pressed=true]:has-text('Glass')", timeout=WITHIN)
    one.locator(".ambient-view").get_by_role("button", name="Stop", exact=True).click()
    one.wait_for_selector(f"{tells}:has-text('Nothing plays.')")
    other.wait_for_selector(".layer.sounding", timeout=WITHIN)


def test_the_command_line_opens_endless_music_as_it_was_asked_for(
    browser: Browser, server: RunningServer, own: str
) -> None:
    words = ["ambient", "--out", "stream", "--preset", "glass", "--key", "G minor", "--space", "0.25", "--json"]
    made = subprocess.run(
        [sys.executable, "-m", "musearoo", *words],
        env={**os.environ, HOME_VARIABLE: str(server.home)},
        capture_output=True,
        timeout=60,
        check=True,
    )
    with browser.new_context() as context:
        context.add_init_script(f"localStorage.setItem('musearoo.session', {json.dumps(own)})")
        page = context.new_page()
        page.goto(json.loads(made.stdout)["link"])
        page.wait_for_selector(".preset[aria-pressed=true]:has-text('Glass')", timeout=WITHIN)
        assert page.evaluate("location.hash") == "#/ambient"
        assert page.get_by_label("Key").input_value() == "G"
        assert page.get_by_label("Space").input_value() == "0.25"
        page.get_by_role("button", name="Begin", exact=True).click()
        page.wait_for_selector(".ambient-view [role=status]:has-text('Glass, G minor')", timeout=WITHIN)


def test_a_name_with_markup_and_other_directions_is_only_shown(show: Open, client: httpx.Client) -> None:
    session = client.post("/sessions", json={"name": NASTY}).json()["id"]
    page = show(session)
    press(page, "Drums")
    page.wait_for_selector(".slot.full")
    assert page.locator(".brand .word").inner_text() == NASTY
    assert page.evaluate("window.broken") is None


def test_keyboard_alone_reaches_and_opens_a_clip(show: Open, own: str) -> None:
    page = show(own)
    page.wait_for_selector(".slot.full")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "gridcell":
            break
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[role=gridcell][aria-selected=true]:focus")
    label = page.evaluate("document.activeElement.querySelector('canvas').getAttribute('aria-label')")
    assert re.search(r"notes?", label), label
    page.keyboard.press("Enter")
    page.wait_for_function("() => /#\\/(take|clip)\\//.test(location.hash)", timeout=WITHIN)


def test_after_a_restart_of_the_server_the_page_is_in_step_again(browser: Browser, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    context = browser.new_context()
    with RunningServer(home) as first:
        with first.client() as client:
            session = client.post("/sessions", json={"name": "Own"}).json()["id"]
        sign_in(context, first.token)
        page = context.new_page()
        page.goto(first.url + "/")
        page.wait_for_selector(IN_STEP, timeout=WITHIN)
        press(page, "Drums")
        port = first.url.rsplit(":", 1)[1]
    page.wait_for_selector(".lamp[data-state=lost]", timeout=WITHIN)
    with RunningServer(home, "--port", port) as second:
        with second.client() as client:
            client.post(f"/sessions/{session}/generate/bass", json={"bars": 1})
        page.wait_for_selector(IN_STEP, timeout=60_000)
        page.wait_for_function("() => document.querySelectorAll('.slot.full').length === 2", timeout=WITHIN)
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 3840])
def test_nothing_is_wider_than_the_screen(show: Open, own: str, width: int) -> None:
    page = show(own, viewport={"width": width, "height": 844})
    for place in PLACES:
        page.evaluate(f"location.hash = '#/{place}'")
        page.wait_for_selector("main h1", timeout=WITHIN, state="attached")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (place, wide)
        # The scroller of a view may move down, never sideways; the grid has one of its own.
        assert (
            page.evaluate(
                "(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth; })()"
            )
            <= 0
        ), place


def test_axe_finds_nothing(show: Open, own: str, tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    try:
        axe = (
            copy_package(ROOT / "bridge" / "page", tmp_path) / "node_modules" / "axe-core" / "axe.min.js"
        ).read_text()
    except NpmError as error:
        if is_offline(error) and os.environ.get("CI") != "true":
            pytest.skip("npm cannot reach its registry")
        raise
    found = []
    for theme in ("light", "dark"):
        page = show(own, color_scheme=theme, bypass_csp=True)
        page.wait_for_selector(".slot.full")
        take = page.evaluate("(async () => [...(await import('/page/store.js')).takes.value.keys()][0])()")
        for place in (*PLACES, *([f"take/{take}"] if take else [])):
            page.evaluate(f"location.hash = '#/{place}'")
            page.wait_for_selector("main h1", timeout=WITHIN, state="attached")
            page.wait_for_timeout(200)
            page.evaluate(axe)
            told = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            found += [
                (theme, place, each["id"], [node["html"][:120] for node in each["nodes"]][:3])
                for each in told["violations"]
            ]
    assert not found, "\n".join(map(str, found))
