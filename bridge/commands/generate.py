"""`musearoo generate ENGINE`: run one engine without Live, and write a MIDI file, JSON or a piano roll."""

import argparse
import json
import time
from collections.abc import Mapping
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
from musearoo.bridge.settings.home_files import read_bounded
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_files import LARGEST, why_not_read
from musearoo.engines.analysis.scene.file_context import Passage, PassageRequest, read_passage
from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.knowledge.context_json import decode_context
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.song import MIDI_SUFFIXES, decode_midi_file, encode_midi_file
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import LOOP, SECTION_KINDS, SongSection
from musearoo.engines.music.swing import MAX_RATIO
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine
from musearoo.engines.players.library.features import describe
from musearoo.engines.players.options import read_options
from musearoo.engines.styles.kit_maps import GENERAL_MIDI, KitMap, song_from_kit, to_kit
from musearoo.engines.styles.schema import Style


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("engine", metavar="ENGINE", help="such as drummaroo or drums; musearoo engines lists them")
    parser.add_argument("--style", default="", help="such as funk; musearoo styles lists them")
    parser.add_argument("--bars", type=whole_in(1, 64), default=8, help="length in bars (8)")
    parser.add_argument("--bpm", type=number_in(20, 999), help="tempo (that of the style, or of --context)")
    parser.add_argument("--key", help='such as "A minor"')
    parser.add_argument("--chords", help='such as "Am F | C G", a chord a bar unless bars are drawn')
    parser.add_argument("--time-signature", help='such as "4/4"')
    parser.add_argument("--context", type=Path, metavar="FILE", help="what it plays with: a MIDI file, or JSON")
    parser.add_argument("--from-bar", type=whole_in(1, 999_999), default=1, help="of a MIDI --context (1)")
    parser.add_argument("--seed", type=whole_in(0, INT32_MAX), help="same seed, same notes")
    parser.add_argument("--complexity", type=number_in(0, 1), default=0.5, help="0 plain to 1 busy (0.5)")
    parser.add_argument("--like", type=Path, metavar="F.mid", help="start from the take that is most like this clip")
    parser.add_argument("--density", type=number_in(0, 1), default=0.5, help="how finely time is divided (0.5)")
    parser.add_argument("--humanise", type=number_in(0, 1), default=0.5, help="0 on the grid to 1 loose (0.5)")
    parser.add_argument("--swing", type=number_in(1, MAX_RATIO), help="long to short: 1 straight, 2 triplets")
    parser.add_argument("--section", default=LOOP.kind, help=f"place in a song: {', '.join(SECTION_KINDS)} (loop)")
    parser.add_argument("--energy", type=number_in(0, 1), default=LOOP.energy, help="of that place, 0 to 1 (0.5)")
    parser.add_argument("--options", default="", help='what only this engine knows, such as "octave=1; kit=808"')
    parser.add_argument("--out", type=midi_path, metavar="F.mid", help="write a MIDI file, over one that is there")
    add_kit(parser, "of MIDI files that are read and written")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Generate one clip and show it."""
    engine = find_engine(options.engine, read_engines())
    styles = read_styles(home_folder() / "styles")
    kit = choose_kit(options.kit)
    _apply_likeness(options, engine, kit)
    passage = _context_passage(options, engine, kit, styles)
    given = passage.context if passage else _given_context(options)
    if options.from_bar != 1 and not passage:
        raise CommandError("--from-bar is of the MIDI file that --context names: name one.")
    style = choose_style(styles, options.style, given or MusicalContext.plain(bpm=options.bpm or 120.0))
    context = given or MusicalContext.plain(
        bpm=options.bpm or style.tempo.usual,
        meter=options.time_signature or "4/4",
        key=options.key,
        chords=options.chords or "",
    )
    seed = seed_of(-1 if options.seed is None else options.seed, str(time.time_ns()))
    params = engine.params(
        style=style,
        bars=options.bars,
        complexity=options.complexity,
        density=options.density,
        humanise=options.humanise,
        swing=options.swing,
        section=SongSection(options.section, options.energy),
        **read_options(engine.params, options.options),
    )
    if kit.name != GENERAL_MIDI and getattr(params, "kit", GENERAL_MIDI) != GENERAL_MIDI:
        raise CommandError("--options already chooses a kit: give that or --kit.")
    started = time.perf_counter()
    clip = engine.generate(params, context, seed)
    milliseconds = (time.perf_counter() - started) * 1000
    if options.out:
        write_file(options.out, _encode(clip, engine.part, context, passage, kit))
    key = context.key.value
    report = {
        "engine": engine.name,
        "style": style.name,
        "bars": options.bars,
        "bpm": context.tempo.value,
        "key": str(key) if key else None,
        "time_signature": str(clip.meter),
        "seed": seed,
        "ms": round(milliseconds, 3),
        "length_beats": clip.length,
        "notes": [[note.start, note.pitch, note.duration, note.velocity] for note in clip.notes],
        "out": str(options.out) if options.out else None,
        "heard": list(passage.sentences) if passage else [],
    }
    if options.json:
        print(json.dumps(report))
    else:
        show_clip(clip, engine.part, key, report)
    return 0


def _apply_likeness(options: argparse.Namespace, engine: EngineRecord, kit: KitMap) -> None:
    """Set style, complexity and seed to those of the library's take that is most similar to the clip of `--like`."""
    if options.like is None:
        return
    parts = song_from_kit(decode_midi_file(read_file(options.like), str(options.like)), kit).parts
    patterns = PatternLibrary().patterns
    if not parts or patterns is None:
        raise CommandError(f"{options.like} has no notes." if not parts else "The pattern library is not there.")
    clip = parts.get(engine.part) or max(parts.values(), key=len)
    found = patterns.nearest(describe(clip), 1, role=engine.part, style=options.style or None)
    if not found:
        raise CommandError(f"The pattern library knows no take of {engine.title} to start from.")
    like = patterns[found[0]]
    options.style, options.complexity = like.style, like.complexity
    options.seed = like.seed if options.seed is None else options.seed


def _context_passage(
    options: argparse.Namespace, engine: EngineRecord, kit: KitMap, styles: Mapping[str, Style]
) -> Passage | None:
    """Return the passage of the MIDI file in `--context`; None without one."""
    path: Path | None = options.context
    if path is None or path.suffix.lower() not in MIDI_SUFFIXES:
        return None
    _refuse_with(options, "bpm", "time_signature")
    score = read_score(read_file(path), str(path))
    passage = PassageRequest(
        first_bar=options.from_bar,
        bars=options.bars,
        without=engine.part,
        kit=kit,
        key=Key.parse(options.key) if options.key else None,
        chords=options.chords or "",
    )
    return read_passage(score, passage, path.name, styles)


def _encode(clip: Clip, part: str, context: MusicalContext, passage: Passage | None, kit: KitMap) -> bytes:
    """Encode the clip as a MIDI file, with the tempos of its context."""
    clip = clip.with_notes(to_kit(clip.notes, kit)) if part == "drums" else clip
    key = context.key.value
    return encode_midi_file(
        {part: clip},
        context.tempo.value,
        programs=None if passage is None or passage.program is None else {part: passage.program},
        tempos=passage.tempos if passage else None,
        keys=[(0.0, key)] if key else (),
    )


def _refuse_with(options: argparse.Namespace, *names: str) -> None:
    beside = [name for name in names if getattr(options, name) is not None]
    if beside:
        flags = ", ".join("--" + name.replace("_", "-") for name in beside)
        raise CommandError(f"--context already says what {flags} would: give one or the other.")


def _given_context(options: argparse.Namespace) -> MusicalContext | None:
    if options.context is None:
        return None
    _refuse_with(options, "bpm", "key", "chords", "time_signature")
    try:
        data = parse_json(read_bounded(options.context, LARGEST), options.context.name, dict[str, object])
    except OSError as error:
        raise CommandError(
            f"The context {options.context} cannot be read: {why_not_read(options.context, error)}"
        ) from error
    except PresetError as error:
        where = f" ({error.problem})" if options.context.suffix.lower() == ".json" else ""
        raise CommandError(
            f"The context {options.context} is neither a MIDI file (.mid) nor a JSON object{where}: "
            "export what it plays with."
        ) from error
    try:
        return decode_context(data)
    except ParamError as error:
        raise CommandError(f"The context {options.context} cannot be understood: {error}.") from error


def show_clip(clip: Clip, part: str, key: Key | None, report: dict[str, object]) -> None:
    """Print a clip as a piano roll, and the report in one line."""
    console = Terminal()
    names = DRUM_NAMES if part == "drums" else None
    drawn = draw_piano_roll(clip, names=names, key=key)
    console.print(drawn, highlight=False, markup=False, no_wrap=True, overflow="crop")
    shown = ("engine", "style", "bars", "bpm", "key", "seed", "ms", "out")
    for sentence in report["heard"]:  # type: ignore[attr-defined]
        console.print(sentence, highlight=False, markup=False)
    line = " · ".join(f"{name} {report[name]}" for name in shown if report[name] is not None)
    console.print(line, style="dim", markup=False, soft_wrap=True)
