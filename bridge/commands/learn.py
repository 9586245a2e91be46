"""`musearoo learn FOLDER`: learn a style of your own from a folder of MIDI files and audio clips."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.progress import Progress

from musearoo.bridge.analysis.files import FileAnalyzer
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import write_file
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.home_files import make_private_folder, read_bounded, write_whole
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_files import LARGEST, why_not_read
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.midi_files.song import MIDI_SUFFIXES, decode_midi_file
from musearoo.engines.players.learning.audio_song import song_from_analysis
from musearoo.engines.players.learning.song import SourceSong, read_song
from musearoo.engines.players.learning.style import LearnedStyle, learn_style, nearest_style
from musearoo.engines.players.learning.writing import write_style
from musearoo.engines.styles.schema import Style

AUDIO_SUFFIXES: Final = (".wav", ".aif", ".aiff", ".flac", ".mp3", ".ogg", ".m4a")
NICE: Final = 10
"""Niceness of this process, 0..19, behind Live and the daemon."""
LEARNED: Final = "Learned by musearoo learn"
"""First words of a generated file, which may be overwritten."""
LONGEST_NAME: Final = 60


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="MIDI files and audio clips, in folders too")
    parser.add_argument("--name", help="of the style (that of the folder)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it (the folder styles beside the log)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Learn a style and write it, whole or not at all."""
    name = (options.name if options.name is not None else options.folder.resolve().name).strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise CommandError(f"A style's name has 1 to {LONGEST_NAME} characters: give another --name.")
    out = options.out or home_folder() / "styles" / f"{_file_name(name)}.yaml"
    _require_ours(out)
    files = _find_files(options.folder)
    _step_back()
    styles = read_styles()
    songs, broken = _analyze_files(files, styles, quiet=options.json)
    if not songs:
        raise CommandError(f"None of the {len(files)} files in {options.folder} can be learned from: {broken[0]}")
    try:
        learned = learn_style(songs, name, nearest_style(songs, styles))
    except ParamError as error:
        raise CommandError(f"There is too little in {options.folder}: {error}.") from error
    _write(out, write_style(learned.data, f"{LEARNED} from {options.folder}. It is yours: change what you like,"
                            "\nand this line too, for then it is not written over."), options.out is None)  # fmt: skip
    for sentence in broken:
        tell(f"musearoo: {sentence}", to_stderr=True)
    if options.json:
        print(json.dumps(_report(learned, songs, broken, out)))
        return 0
    _show(learned, songs, out)
    if options.out is None and learned.style.name in styles:
        tell(f"It takes the place of MuseAroo's own {learned.style.name}: delete the file to have that back.")
    return 0


def _find_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is no folder.")
    wanted = (*MIDI_SUFFIXES, *AUDIO_SUFFIXES)
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in wanted and path.is_file())
    if not files:
        raise CommandError(f"{folder} holds no MIDI files and no audio clips ({', '.join(wanted)}).")
    return files


def _step_back() -> None:
    """Lower this process's priority, so that Live and the daemon go first."""
    if hasattr(os, "nice"):
        os.nice(NICE)


def _analyze_files(
    files: Sequence[Path], styles: Mapping[str, Style], quiet: bool
) -> tuple[list[SourceSong], list[str]]:
    """Return the songs of files, and a sentence for each file without one."""
    analyzer = FileAnalyzer(styles)
    songs: list[SourceSong] = []
    broken: list[str] = []
    console = Terminal(stderr=True)
    # Without a terminal, the bar would leave an empty line.
    with Progress(console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("Listening", total=len(files))
        for path in files:
            progress.update(task, description=escape(f"Listening to {path.name}"))
            try:
                songs.append(_analyze_file(path, styles, analyzer))
            except OSError as error:
                broken.append(f"{path} cannot be read: {why_not_read(path, error)}")
            except ParamError as error:
                # The error repeats the file's name in place of the reason.
                reason = f"{error.field} must be {error.bounds}." if error.got == path.name else str(error)
                broken.append(f"{path} is left out: {reason}")
            except (AudioFileError, EngineError) as error:
                broken.append(f"{path} is left out: {error}")
            progress.advance(task)
    return songs, broken


def _analyze_file(path: Path, styles: Mapping[str, Style], analyzer: FileAnalyzer) -> SourceSong:
    if path.suffix.lower() in MIDI_SUFFIXES:
        return read_song(path.name, decode_midi_file(read_bounded(path, LARGEST)), styles)
    return song_from_analysis(path.name, analyzer.analyze(path).analysis)


def _file_name(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_") or "style"


def _require_ours(out: Path) -> None:
    """Raise CommandError rather than overwrite a style that somebody wrote or changed."""
    try:
        first = read_bounded(out).decode(errors="replace").partition("\n")[0]
    except FileNotFoundError:
        return
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror or error}.") from error
    if not first.startswith(f"# {LEARNED}"):
        raise CommandError(f"{out} is there already, and was not learned: give another --name or --out.")


def _write(out: Path, text: str, is_own: bool) -> None:
    """Write the style; `is_own`: into MuseAroo's own folder. Raises CommandError if it cannot."""
    if not is_own:
        write_file(out, text.encode(), make_folder=True)
        return
    try:
        make_private_folder(out.parent)
        write_whole(out, text.encode())
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror or error}.") from error


def _report(learned: LearnedStyle, songs: Sequence[SourceSong], broken: Sequence[str], out: Path) -> dict[str, object]:
    return {
        "name": learned.style.name,
        "based_on": learned.style.based_on,
        "songs": len(songs),
        "bars": sum(len(song.bars) for song in songs),
        "learned": list(learned.learned),
        "missing": list(learned.missing),
        "left_out": list(learned.left_out),
        "broken": list(broken),
        "out": str(out),
    }


def _show(learned: LearnedStyle, songs: Sequence[SourceSong], out: Path) -> None:
    console = Terminal()
    style = learned.style
    bars = sum(len(song.bars) for song in songs)
    name, base = escape(style.name), escape(style.based_on)
    console.print(f"[bold]{name}[/], learned from {len(songs)} files of {bars} bars, based on {base}")
    tempo = f"{style.tempo.low:g} to {style.tempo.high:g} BPM, mostly {style.tempo.usual:g}"
    console.print(f"{tempo}, swing {style.swing.ratio:g}; learned {', '.join(learned.learned)}")
    if learned.missing:
        console.print(f"[yellow]From {base}, for want of more:[/] {', '.join(learned.missing)}")
    if learned.left_out:
        console.print(f"[yellow]In other meters, and left out:[/] {escape(', '.join(learned.left_out))}")
    console.print(f"[green]✓[/] {escape(str(out))}", soft_wrap=True, highlight=False)
