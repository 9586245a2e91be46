"""What new parts sound with: each part of each style, in the simulated Live, by version and edition.

Nothing is timed. A band is pressed into an empty set, what came onto its tracks is read, and the press is undone.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from musearoo.bridge.protocol import Done
from musearoo.bridge.settings.presets_folder import read_live_sounds, read_styles
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.studio.processes import Studio, StudioError

ROLES: Final = tuple(engine.part for engine in ENGINES)
WITHIN: Final = 30.0
SILENT: Final = ""


def run(options: argparse.Namespace, show_progress: Callable[[str, int, int], None]) -> Results:
    """Return a row for each version, edition and part, and a note for each style of the first of them."""
    styles = options.styles or list(read_styles())
    places = [(profile, edition) for profile in options.profiles for edition in options.editions]
    rows: list[Row] = []
    notes: list[str] = []
    for number, (profile, edition) in enumerate(places):
        show_progress(f"Live {profile} {edition}", number, len(places))
        found = listen(profile, edition, styles)
        for role in ROLES:
            sounds = Counter(found[style][role] for style in styles)
            silent = sounds.pop(SILENT, 0)
            usual = ", ".join(f"{name} {count}" for name, count in sounds.most_common(4))
            row = Row(f"Live {profile} {edition}", role, f"silent of {len(styles)}", silent, met=not silent, note=usual)
            rows.append(row)
        for style in styles:
            each = ", ".join(f"{role} {found[style][role] or 'SILENT'}" for role in ROLES)
            notes.append(f"Live {profile} {edition}, {style}: {each}")
    return Results(rows, notes)


def listen(profile: str, edition: str, styles: Sequence[str]) -> dict[str, dict[Role, str]]:
    """Return the name of the instrument of each part, by style; "" for a silent one.

    A device that makes no sound when it is inserted bare counts as silent.
    """
    bare = read_live_sounds().silent
    titles = {engine.title: engine.part for engine in ENGINES}
    found: dict[str, dict[Role, str]] = {}
    with Studio(profile=profile, edition=edition) as studio:
        before = studio.live.snapshot()
        for style in styles:
            press = studio.device.press(",".join(engine.name for engine in ENGINES), style=style, bars=1, seed=1)
            _require_done(studio, press)
            tracks = [track for track in studio.live.snapshot()["tracks"] if track["name"] in titles]
            heard = {titles[track["name"]]: _sound_of(track, bare) for track in tracks}
            # A style without a part has no notes for it: it counts as what it would be, nothing to hear.
            found[style] = {role: heard.get(role, "no part") for role in ROLES}
            _require_done(studio, studio.device.undo())
            if studio.live.snapshot() != before:
                raise StudioError(f"Undo did not restore the set after {style} in Live {profile} {edition}")
    return found


def _sound_of(track: dict[str, Any], bare: Sequence[str]) -> str:
    names: list[str] = [device["name"] for device in track.get("devices", ())]
    return SILENT if not names or names[0] in bare else names[0]


def _require_done(studio: Studio, press: Any) -> None:
    answer = studio.device.wait_for(press, WITHIN)
    if not isinstance(answer, Done):
        raise StudioError(f"a press failed: {answer}")
