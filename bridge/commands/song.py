"""`musearoo song`: compose a song without Live: a MIDI file for each part, one of all, a report and a rendering."""

import argparse
import json
import time
from itertools import pairwise
from pathlib import Path

from rich.table import Table

from musearoo.bridge.audio.rendering import Rendering, SongPart, encode_rendering, render_song
from musearoo.bridge.commands.shared.arguments import add_json, number_in, whole_in
from musearoo.bridge.commands.shared.files import write_folder
from musearoo.bridge.commands.shared.kits import add_kit, choose_kit
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.protocol.types import INT32_MAX
from musearoo.bridge.requests.generate import seed_of
from musearoo.bridge.services.band_runner import play_with_patience
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.score import Controller
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.scale import Key
from musearoo.engines.music.spelling import place_roots
from musearoo.engines.players.arrangement.engine import MAX_SECONDS, MIN_SECONDS, SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import Arrangement
from musearoo.engines.players.band.song import Song, play_song
from musearoo.engines.players.mix.engine import MixPlan
from musearoo.engines.players.mix.midi_controllers import mix_controllers
from musearoo.engines.styles.kit_maps import KitMap, to_kit
from musearoo.engines.styles.reading import find_style

USUAL_STYLE = "pop"
ALL = "song"
"""The name of the file with every part."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--style", default=USUAL_STYLE, help="such as funk; musearoo styles lists them (pop)")
    parser.add_argument("--form", help="one of the style's forms; one that suits style and length else")
    parser.add_argument("--bpm", type=number_in(20, 999), help="tempo (that of the style)")
    parser.add_argument("--key", help='such as "A minor" (one that the style likes)')
    parser.add_argument("--time-signature", default="4/4", help='such as "6/8" (4/4)')
    parser.add_argument("--seconds", type=number_in(MIN_SECONDS, MAX_SECONDS), help="length (that of the form)")
    parser.add_argument("--mood", help="such as dark or bright")
    parser.add_argument("--energy", type=number_in(0, 1), default=0.5, help="0 calm to 1 wild (0.5)")
    parser.add_argument("--complexity", type=number_in(0, 1), default=0.5, help="0 plain to 1 busy (0.5)")
    parser.add_argument("--seed", type=whole_in(0, INT32_MAX), help="same seed, same song")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the files, over a song's there"
    )
    add_kit(parser, "of the MIDI files")
    parser.add_argument("--wav", action="store_true", help="render what it sounds like as song.wav")
    parser.add_argument("--png", action="store_true", help="draw the song as song.png (needs the analysis packages)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Plan, play and write one song."""
    kit = choose_kit(options.kit)
    engines = read_engines()
    style = find_style(options.style, read_styles(home_folder() / "styles"))
    params = SongParams(
        style=style,
        seconds=options.seconds,
        form=options.form,
        bpm=options.bpm,
        key=Key.parse(options.key) if options.key else None,
        meter=Meter.parse(options.time_signature),
        energy=options.energy,
        mood=options.mood,
    )
    seed = seed_of(-1 if options.seed is None else options.seed, str(time.time_ns()))
    started = time.perf_counter()
    song = play_song(
        plan_song(params, seed),
        style,
        seed,
        complexity=options.complexity,
        engines=engines,
        run=play_with_patience,
        pattern=PatternLibrary(),
    )
    milliseconds = (time.perf_counter() - started) * 1000
    parts = [
        SongPart(one.name, song.clips[one.role], None if one.role == "drums" else one.program, one.role)
        for one in song.arrangement.instruments
        if one.role in song.clips
    ]
    rendering = None
    if options.wav:
        sections = [(section.name, section.start, section.end) for section in song.arrangement.sections]
        rendering = render_song(parts, song.arrangement.bpm, mix=style.mix, sections=sections)
    files = _encode_parts(song, kit, parts, rendering.mix if rendering else None)
    if rendering:
        files["wav"] = (f"{ALL}.wav", encode_rendering(rendering))
    written = {name: str(options.out / file) for name, (file, _) in files.items()}
    if options.png:
        written["png"] = str(_draw(song, parts, options.out / f"{ALL}.png"))
    report = _report(song, seed, written, milliseconds, rendering)
    contents = {**dict(files.values()), "report.json": json.dumps(report, indent=1).encode()}
    write_folder(options.out, contents)
    if options.json:
        print(json.dumps(report))
    else:
        _show(song, report)
    return 0


def _encode_parts(song: Song, kit: KitMap, mixed: list[SongPart], mix: MixPlan | None) -> dict[str, tuple[str, bytes]]:
    """Encode a MIDI file for each part and one for all, with the mix if there is one: name and content by part."""
    arrangement = song.arrangement
    programs: dict[str, int] = {one.role: one.program for one in arrangement.instruments}
    markers = [(mark.name, mark.beat) for mark in arrangement.locators]
    keys = [(section.start, section.key) for section in arrangement.sections]
    changes = [keys[0], *(after for before, after in pairwise(keys) if before[1] != after[1])]
    moves = mix_controllers(mix, len(mixed)) if mix else ()
    controllers: dict[str, tuple[Controller, ...]] = {part.role: own for part, own in zip(mixed, moves, strict=False)}
    parts: dict[str, Clip] = {
        role: clip.with_notes(to_kit(clip.notes, kit)) if role == "drums" else clip for role, clip in song.clips.items()
    }
    files = {}
    for name, chosen in (*((name, {name: clip}) for name, clip in parts.items()), (ALL, parts)):
        data = encode_midi_file(
            chosen,
            arrangement.bpm,
            arrangement.meter,
            programs,
            markers,
            keys=changes,
            title=f"{arrangement.style}, {arrangement.form}",
            controllers=controllers,
        )
        files[name] = (f"{name}.mid", data)
    return files


def _draw(song: Song, parts: list[SongPart], path: Path) -> Path:
    from musearoo.bridge.commands.reports.song_plot import plot_song  # here, for matplotlib takes a second to load

    path.parent.mkdir(parents=True, exist_ok=True)
    arrangement = song.arrangement
    title = f"{arrangement.style}, {arrangement.form}, {arrangement.key}, {arrangement.bpm:.0f} BPM"
    sections = [(mark.name, mark.beat) for mark in arrangement.locators]
    keys = [(section.start, section.key) for section in arrangement.sections]
    plot_song(parts, path, title, sections, song.chords, keys)
    return path


def _report(
    song: Song, seed: int, written: dict[str, str], milliseconds: float, rendering: Rendering | None
) -> dict[str, object]:
    arrangement = song.arrangement
    return {
        "style": arrangement.style,
        "form": [[section.name, section.bars] for section in arrangement.sections],
        "form_name": arrangement.form,
        "bpm": arrangement.bpm,
        "key": str(arrangement.key),
        "time_signature": str(arrangement.meter),
        "seconds": round(arrangement.seconds, 3),
        "seed": seed,
        "parts": {name: path for name, path in written.items() if name in song.clips},
        "files": {name: path for name, path in written.items() if name not in song.clips},
        **describe_plan(arrangement),
        "chords": _chords(song),
        "rendered_by": rendering.renderer if rendering else None,
        "mix": list(rendering.mix.report.sentences) if rendering and rendering.mix else [],
        "told": list(song.sentences),
        "ms": round(milliseconds, 3),
    }


def describe_plan(arrangement: Arrangement) -> dict[str, object]:
    """Return the instruments by part, and the sections, as the report has them."""
    return {
        "instruments": {
            one.role: {"name": one.name, "program": one.program, "live": list(one.live)}
            for one in arrangement.instruments
        },
        "sections": [
            {
                "name": section.name,
                "start": section.start,
                "bars": section.bars,
                "energy": round(section.section.energy, 3),
                "plays": [part.role for part in section.parts],
            }
            for section in arrangement.sections
        ],
    }


def _chords(song: Song) -> list[list[object]]:
    """Return where each chord begins, in beats, and its label in Harte's syntax, spelt in the key of its section."""
    keyed = [(span.chord, played.section.key) for played in song.sections for span in played.chords]
    roots = place_roots(keyed)
    return [[span.start, span.chord.harte_on(root)] for span, root in zip(song.chords, roots, strict=True)]


def _show(song: Song, report: dict[str, object]) -> None:
    console = Terminal()
    arrangement = song.arrangement
    minutes, seconds = divmod(round(arrangement.seconds), 60)
    style, form = escape(arrangement.style), escape(arrangement.form)
    console.print(
        f"[bold]{style}[/], {form}: {minutes}:{seconds:02d} in {arrangement.key} at "
        f"{arrangement.bpm:.0f} BPM, composed in {report['ms']:.0f} ms"
    )
    table = Table("section", "bars", "energy", *arrangement.roles, box=None, header_style="dim")
    for section in arrangement.sections:
        plays = ["■" if section.part(role) else "·" for role in arrangement.roles]
        table.add_row(escape(section.name), str(section.bars), f"{section.section.energy:.2f}", *plays)
    console.print(table)
    for sentence in song.sentences:
        console.print(sentence, style="yellow", markup=False)
    for kind in ("parts", "files"):
        for path in report[kind].values():  # type: ignore[attr-defined]
            console.print(f"[green]✓[/] {escape(path)}", soft_wrap=True, highlight=False)
