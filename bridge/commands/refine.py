"""`musearoo refine FILE.mid`: make another take of a clip, or change the clip, without Live."""

import argparse
import json
import re
import time
from dataclasses import replace
from pathlib import Path

from musearoo.bridge.commands.shared.arguments import add_json, midi_path, number_in, whole_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import read_file, write_file
from musearoo.bridge.commands.shared.kits import add_kit, choose_kit
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.protocol.types import INT32_MAX
from musearoo.bridge.requests.generate import choose_style, seed_of
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes, name_parts, read_harmony
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.groove import Groove
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.midi_files.song import MidiSong, decode_midi_file, name_tracks, song_of
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.players.refining.modifiers import Modifier, Refinement, parse_modifiers
from musearoo.engines.players.refining.variation import refine_clip
from musearoo.engines.styles.kit_maps import KitMap, song_from_kit, to_kit
from musearoo.engines.styles.reading import find_style


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("file", type=Path, metavar="FILE.mid", help="the file; its other parts are heard")
    parser.add_argument("--part", help="name of the part to change, where the file has several")
    parser.add_argument("--change", default="", help=f"of {', '.join(Modifier)}; commas between")
    parser.add_argument("--to-style", help="play it in this style")
    parser.add_argument("--bars", help="only these, such as 5-8")
    parser.add_argument("--vary", type=whole_in(1, 64), metavar="N", help="vary it over N bars")
    parser.add_argument("--groove-of", type=Path, metavar="FILE.mid", help="move it into the groove of this file")
    parser.add_argument("--groove-amount", type=number_in(0, 1), default=1.0, help="how far, 0 to 1 (1)")
    parser.add_argument("--style", default="", help="the style that it is in; the nearest in tempo else")
    parser.add_argument("--key", help='such as "A minor"; what the file says else')
    parser.add_argument("--seed", type=whole_in(0, INT32_MAX), help="same seed, same notes")
    add_kit(parser, "of the files that are read and written")
    parser.add_argument("--out", type=midi_path, metavar="F.mid", help="write a MIDI file, over one that is there")
    add_json(parser)
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Change one part and show it."""
    asked = parse_modifiers(options.change)
    if asked.groove_track is not None:
        options.parser.error("argument --change: tracks are Live's, name a MIDI file with --groove-of")
    if asked.sound_track is not None:
        options.parser.error("argument --change: tracks are Live's, and a MIDI file has no instruments")
    kit = choose_kit(options.kit)
    score = read_score(read_file(options.file), str(options.file))
    song = song_from_kit(song_of(score), kit)
    if not song.parts:
        raise CommandError(f"{options.file} has no notes.")
    name, clip = choose_part(song, options.part)
    if not (asked.modifiers or options.to_style or options.groove_of or options.vary):
        options.parser.error("nothing is to be changed: name it with --change, --to-style, --groove-of or --vary")
    styles = read_styles(home_folder() / "styles")
    parts = name_parts(list(song.parts.items()))
    part = next(part for part in parts if part.name == name)
    role = "drums" if name in song.drums else part.role
    engine = find_engine(role if role != "unknown" else "melody", read_engines())
    context = MusicalContext.plain(
        bpm=song.bpm,
        meter=clip.meter,
        key=options.key or analyze_notes(clip).harmony.key.value,
        chords=read_harmony(parts),
        parts=[other for other in parts if other.name != name],
    )
    style = find_style(options.style, styles) if options.style else choose_style(styles, "", context)
    refinement = Refinement(
        asked.modifiers,
        style=find_style(options.to_style, styles) if options.to_style else None,
        bars=bars_of(options.bars),
        groove=(_groove(options.groove_of, kit), options.groove_amount) if options.groove_of else None,
        vary_bars=options.vary,
    )
    seed = seed_of(-1 if options.seed is None else options.seed, str(time.time_ns()))
    started = time.perf_counter()
    changed = refine_clip(engine, clip, refinement, engine.params(style=style), context, seed)
    milliseconds = (time.perf_counter() - started) * 1000
    if options.out:
        write_file(options.out, encode_changed(score, name, changed, kit))
    report = {
        "engine": engine.name,
        "part": name,
        "style": (refinement.style or style).name,
        "seed": seed,
        "ms": round(milliseconds, 3),
        "length_beats": changed.length,
        "notes": [[note.start, note.pitch, note.duration, note.velocity] for note in changed.notes],
        "out": str(options.out) if options.out else None,
    }
    if options.json:
        print(json.dumps(report))
    else:
        console = Terminal()
        names = DRUM_NAMES if engine.part == "drums" else None
        drawn = draw_piano_roll(changed, names=names, key=context.key.value)
        console.print(drawn, highlight=False, markup=False, no_wrap=True, overflow="crop")
        console.print(f"{engine.title}: {len(clip)} notes became {len(changed)} in {milliseconds:.1f} ms", style="dim")
    return 0


def encode_changed(score: MidiScore, name: str, changed: Clip, kit: KitMap) -> bytes:
    """Return the file with the changed track alone, on its channel and instrument, with the file's tempos."""
    track = name_tracks(score)[name]
    # Bends and aftertouch are dropped, because they belonged to the old notes.
    kept = tuple(
        one for one in track.controllers if one.kind not in (ControllerKind.PITCH_BEND, ControllerKind.KEY_PRESSURE)
    )
    notes = to_kit(changed.notes, kit) if track.is_drums else changed.notes
    last = max((*(note.end for note in notes), *(one.beat for one in kept)), default=0.0)
    track = MidiTrack(name, track.channel, notes, kept, max(changed.length, last))
    return write_score(replace(score, tracks=(track,)))


def choose_part(song: MidiSong, wanted: str | None) -> tuple[str, Clip]:
    """Return the name and clip of a part; the only one for None. Raises CommandError."""
    names = ", ".join(song.parts)
    if wanted is None:
        if len(song.parts) > 1:
            raise CommandError(f"The file has several parts: say which with --part, one of {names}.")
        return next(iter(song.parts.items()))
    for name, clip in song.parts.items():
        if name.lower() == wanted.lower():
            return name, clip
    raise CommandError(f"The file has no part {wanted!r}, it has {names}.")


def _groove(path: Path, kit: KitMap) -> Groove:
    song = song_from_kit(decode_midi_file(read_file(path), str(path)), kit)
    if not song.parts:
        raise CommandError(f"{path} has no notes.")
    drums = [clip for name, clip in song.parts.items() if name in song.drums]
    return analyze_notes(drums or list(song.parts.values())).groove


def bars_of(text: str | None) -> tuple[int, int] | None:
    """Return the first and the last bar of a text such as "5-8". Raises CommandError."""
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?", text)
    if match is None:
        raise CommandError(f"--bars takes a bar or two with a dash between, such as 5-8, not {text!r}.")
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last:
        raise CommandError(f"--bars takes a first bar from 1 on and a last one not before it, not {text!r}.")
    return first, last
