"""What the terminal shows of endless music, and what its keys do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from musearoo.bridge.ambient.messages import Playing
from musearoo.engines.ambient.preset import AmbientPreset
from musearoo.engines.ambient.steering import MOODS, Steering

STEP: Final = 0.1
"""How far a key turns an amount."""
TURNS: Final = {
    "up": ("brightness", STEP),
    "down": ("brightness", -STEP),
    "right": ("density", STEP),
    "left": ("density", -STEP),
    "+": ("space", STEP),
    "-": ("space", -STEP),
    ".": ("motion", STEP),
    ",": ("motion", -STEP),
}
HELP: Final = "1-8 preset   ←→ density   ↑↓ brightness   ,. motion   -+ space   m mood   q fades out"
SILENT_DB: Final = -60.0
WIDTH: Final = 40


def turn(steering: Steering, key: str, presets: Sequence[AmbientPreset]) -> Steering:
    """Return the steering after a key; the same where the key means nothing."""
    if key in TURNS:
        name, step = TURNS[key]
        preset = next((each for each in presets if each.name == steering.preset), presets[0])
        now = getattr(steering, name)
        moved = (getattr(preset, name) if now is None else now) + step
        return replace(steering, **{name: min(1.0, max(0.0, round(moved, 2)))})
    if key.isdigit() and 1 <= int(key) <= len(presets):
        return replace(steering, preset=presets[int(key) - 1].name)
    if key == "m":
        moods = ["", *MOODS]
        return replace(steering, mood=moods[(moods.index(steering.mood) + 1) % len(moods)])
    return steering


def draw(playing: Playing | None, steering: Steering, presets: Sequence[AmbientPreset], news: str) -> RenderableType:
    """Return the screen: what plays, the chords to come, layers, level, and the keys."""
    names = Text("  ").join(
        Text(f"{number} {each.name}", style="bold" if each.name == steering.preset else "dim")
        for number, each in enumerate(presets[:9], 1)
    )
    if playing is None:
        return Group(names, Text("Starting …", style="dim"))
    seconds = playing.at // 48_000
    head = Text(f"{playing.preset} in {playing.key}", style="bold")
    head.append(f"   {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}", style="dim")
    head.append(f"   {steering.mood or 'no mood'}", style="dim")
    chords = Text()
    for index, (at, chord) in enumerate(playing.chords[:6]):
        chords.append(f"{chord:<8}", style="bold" if index == 0 else "")
        if index:
            chords.append(f"in {max(0.0, at):.0f} s  ", style="dim")
    rows = Table.grid(padding=(0, 2))
    for name, notes in playing.layers:
        rows.add_row(name, Text("▪" * min(WIDTH, notes), style="cyan"))
    for name in ("density", "brightness", "motion", "space"):
        value = getattr(steering, name)
        rows.add_row(name, "as the preset has it" if value is None else f"{value:.0%}")
    filled = round(WIDTH * max(0.0, 1.0 - playing.level_db / SILENT_DB))
    level = Text("█" * filled, style="green").append("░" * (WIDTH - filled), style="dim")
    level.append(f" {playing.level_db:.0f} dB", style="dim")
    if playing.underruns:
        level.append(f"   {playing.underruns} gaps", style="yellow")
    parts: list[RenderableType] = [names, Text(), head, chords, Text(), rows, Text(), level, Text(HELP, style="dim")]
    if news:
        parts.append(Text(news, style="yellow"))
    return Group(*parts)
