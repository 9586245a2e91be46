"""`generate` and `refine` by a server."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.generate import show_clip
from musearoo.bridge.commands.refine import bars_of, choose_part, encode_changed
from musearoo.bridge.commands.remote.calling import refuse, scratch, sent_bytes
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import read_file, write_file
from musearoo.bridge.commands.shared.kits import choose_kit
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.song import name_tracks, song_of
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key

if TYPE_CHECKING:
    from musearoo.bridge.api.types.answers import Outcome, Take
    from musearoo.client import Client

NEUTRAL_BPM: Final = 120.0
"""The tempo to which the nearest style is played where neither is given."""


def generate(client: Client, options: argparse.Namespace) -> int:
    """Have one engine play, and show its clip."""
    refuse(options, "context", "from_bar", "like", "section", "energy", "kit")
    style, bpm = style_and_tempo(client, options.style, options.bpm)
    with scratch(client, "generate", bpm=bpm, time_signature=options.time_signature, key=options.key) as session:
        made = session.generate(
            options.engine,
            style=style,
            bars=options.bars,
            key=options.key or "",
            chords=options.chords or "",
            complexity=options.complexity,
            density=options.density,
            humanise=options.humanise,
            swing=options.swing,
            seed=options.seed,
            options=_read_options(options.options),
        )
        take = _only_take(made)
        if options.out:
            write_file(options.out, client.read_take_midi(take.id).content)
    report = {
        **_about(take, made, options.out),
        "bars": options.bars,
        "bpm": take.bpm,
        "key": options.key or take.key or None,
        "time_signature": take.time_signature,
        "heard": list(made.notices),
    }
    if options.json:
        print(json.dumps(report))
    else:
        show_clip(_clip_of(take), take.part, Key.parse(take.key) if take.key else None, report)
    return 0


def refine(client: Client, options: argparse.Namespace) -> int:
    """Have one part of a file changed, and show it. The server hears its other parts."""
    refuse(options, "groove_of", "groove_amount", "kit", "style")
    if not (options.change or options.to_style or options.vary):
        options.parser.error("nothing is to be changed: name it with --change, --to-style or --vary")
    score = read_score(read_file(options.file), str(options.file))
    held = song_of(score)
    if not held.parts:
        raise CommandError(f"{options.file} has no notes.")
    name, clip = choose_part(held, options.part)
    first, last = bars_of(options.bars) or (0, 0)
    meter = f"{clip.meter.numerator}/{clip.meter.denominator}"
    with scratch(client, "refine", bpm=held.bpm, time_signature=meter, key=options.key) as session:
        for part, track in name_tracks(score).items():
            alone = write_score(replace(score, tracks=(track,)))
            with sent_bytes(client, alone, "part.mid") as upload:
                session.analyze_file(upload=upload, name=f"{part}.mid", place=True, scene=1, apply="")
        made = session.refine(
            track=list(name_tracks(score)).index(name) + 1,
            scene=1,
            changes=[word.strip() for word in options.change.split(",") if word.strip()],
            style=options.to_style or "",
            first_bar=first,
            last_bar=last,
            vary_bars=options.vary or 0,
            seed=options.seed,
        )
        take = _only_take(made)
    changed = _clip_of(take)
    if options.out:
        write_file(options.out, encode_changed(score, name, changed, choose_kit(options.kit)))
    report = {**_about(take, made, options.out), "part": name}
    if options.json:
        print(json.dumps(report))
    else:
        show_clip(changed, take.part, None, {"heard": [], **report, "bars": None, "bpm": take.bpm, "key": None})
    return 0


def style_and_tempo(client: Client, name: str, bpm: float | None) -> tuple[str, float]:
    """Return a style of the server's by name, alias or nearness, and the tempo: that of the style unless given."""
    styles = client.list_styles()
    wanted = name.strip().lower()
    named = [each for each in styles if wanted in (each.name.lower(), *(alias.lower() for alias in each.aliases))]
    if wanted and not named:
        # The server's own sentence names those that there are.
        return name, bpm or NEUTRAL_BPM
    style = named[0] if named else min(styles, key=lambda each: abs(each.tempo.usual - (bpm or NEUTRAL_BPM)))
    return style.name, bpm or style.tempo.usual


def _read_options(text: str) -> dict[str, str | int | float | bool]:
    """Return an engine's options as they stand in a text; the server knows their types.

    >>> _read_options("octave=1; manner = pedal")
    {'octave': '1', 'manner': 'pedal'}
    """
    found: dict[str, str | int | float | bool] = {}
    for word in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign:
            raise CommandError(f"--options takes name=value, with semicolons between, not {word!r}.")
        found[name] = value
    return found


def _only_take(made: Outcome) -> Take:
    if not made.takes:
        raise CommandError(f"The server made no take: {made.sentence}.")
    return made.takes[0]


def _clip_of(take: Take) -> Clip:
    notes = (Note(start, pitch, duration, float(velocity)) for start, pitch, duration, velocity in take.notes)
    return Clip.of(take.name, take.length_beats, notes, Meter.parse(take.time_signature))


def _about(take: Take, made: Outcome, out: Path | None) -> dict[str, Any]:
    """Return what the reports of all takes have."""
    return {
        "engine": take.engine,
        "style": take.style,
        "seed": take.seed,
        "ms": round(made.milliseconds, 3),
        "length_beats": take.length_beats,
        "notes": [list(note) for note in take.notes],
        "out": str(out) if out else None,
    }
