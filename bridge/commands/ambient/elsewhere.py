"""`musearoo ambient` where another process plays: as a clip in Live, or as the stream that the page plays."""

from __future__ import annotations

import argparse
import json
from typing import Final
from urllib.parse import quote, urlencode

from musearoo.bridge.commands.serving.page import open_page
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.links.press_client import PRESS, press_at_daemon
from musearoo.bridge.protocol import Imagine
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.engines.ambient.steering import AMOUNTS, Steering
from musearoo.engines.errors import ParamError

USUAL_BARS: Final = 8
USUAL_TAKES: Final = 1
HERE_ALONE: Final = ("card", "grains", "model", "effect", "instrument", "hours", "seconds")
"""Options of the command's own player."""


def put_clip(options: argparse.Namespace, steering: Steering, seed: int) -> int:
    """Have the daemon write clips of it into Live, in key, tempo and chords of the set; returns the exit status.

    Raises ParamError for options that a clip cannot follow, CommandError and ConfigError if it is not made.
    """
    _refuse(options, *HERE_ALONE, *AMOUNTS, "plan", "bpm")

    def build(session: int) -> Imagine:
        return Imagine(
            session=session,
            press=PRESS,
            prompt=f"{steering.mood} {steering.preset}".strip(),
            bars=options.bars or USUAL_BARS,
            takes=options.takes or USUAL_TAKES,
            seed=seed,
            backend="ambient",
            model="",
            key="" if steering.key is None else str(steering.key),
            style="",
            follow=1,
            use=0,
            source_track=-1,
            source_scene=-1,
            track=-1,
            scene=-1,
            replace=0,
        )

    outcome = press_at_daemon(build, ConfigFolder(home_folder()))
    if options.json:
        print(json.dumps({"out": "clip", "preset": steering.preset, "seed": seed, "answer": outcome.sentence}))
    elif outcome.ok:
        tell(outcome.sentence)
    if not outcome.ok:
        raise CommandError(outcome.sentence)
    return 0


def open_stream(options: argparse.Namespace, steering: Steering) -> int:
    """Open the page's Ambient with this steering: it plays the server's stream; returns the exit status."""
    _refuse(options, *HERE_ALONE, "bars", "takes", "seed")
    asked = {
        "preset": steering.preset,
        "key": "" if steering.key is None else str(steering.key),
        "mood": steering.mood,
        "plan": steering.plan,
        "bpm": steering.bpm,
        **{name: getattr(steering, name) for name in AMOUNTS},
    }
    wishes = urlencode({name: value for name, value in asked.items() if value not in ("", None)}, quote_via=quote)
    return open_page(as_json=options.json, place=f"ambient/{quote(wishes, safe='')}")


def _refuse(options: argparse.Namespace, *names: str) -> None:
    for name in names:
        value = getattr(options, name)
        if value != options.parser.get_default(name):
            raise ParamError(f"--{name}", f"left out with --out {options.out}", value)
