"""`musearoo imagine PROMPT --out F.wav`: generate audio from a prompt, in tempo and key, as a loop or a sound."""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from musearoo.bridge.commands.shared.arguments import add_json, number_in, whole_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import read_file
from musearoo.bridge.commands.shared.job_progress import showing
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.imagining.generator import generate_audio
from musearoo.bridge.imagining.plan import Imagined
from musearoo.bridge.imagining.request import (
    FASTEST_BPM,
    HIGHEST_RATE,
    HIGHEST_SEED,
    LONGEST,
    LOWEST_RATE,
    MOST_BARS,
    MOST_TAKES,
    SHORTEST,
    SLOWEST_BPM,
    USUAL_BARS,
    USUAL_SECONDS,
    ImagineRequest,
    Source,
    Subtype,
    TuneNotes,
)
from musearoo.bridge.imagining.sidecar import ENDING, Sidecar, read_sidecar, request_again
from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.protocol import AUDIO_BACKENDS
from musearoo.bridge.requests.generate import seed_of
from musearoo.bridge.settings.config_files import home_folder
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.song import MIDI_SUFFIXES, MidiSong, decode_midi_file
from musearoo.engines.music.timing import seconds_per_beat

SUBTYPE_OF_BITS: Final[dict[int, Subtype]] = {24: "PCM_24", 32: "FLOAT"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("prompt", metavar="PROMPT", nargs="?", help='what it is to sound like, such as "warm dub bass"')
    parser.add_argument("--out", metavar="F.wav", type=Path, required=True, help="where to; nothing is replaced")
    parser.add_argument(
        "--bars", metavar="N", type=whole_in(1, MOST_BARS), help=f"length of a loop ({USUAL_BARS} with --bpm)"
    )
    parser.add_argument(
        "--bpm", metavar="X", type=number_in(SLOWEST_BPM, FASTEST_BPM), help="tempo (that of the words)"
    )
    seconds = number_in(SHORTEST, LONGEST)
    parser.add_argument(
        "--seconds", metavar="N", type=seconds, help=f"length; whole bars at --bpm make a loop ({USUAL_SECONDS:g})"
    )
    parser.add_argument("--time-signature", metavar="N/N", help='such as "6/8" (that of the words, else 4/4)')
    parser.add_argument("--key", metavar="KEY", default="", help='such as "A minor"')
    parser.add_argument("--style", default="", help="such as funk; musearoo styles lists them")
    parser.add_argument("--melody", metavar="FILE", type=Path, help="a tune to follow: audio, or a MIDI file")
    parser.add_argument("--continue", dest="before", metavar="FILE", type=Path, help="audio that it goes on from")
    parser.add_argument("--seed", metavar="N", type=whole_in(0, HIGHEST_SEED), help="same seed, same sound")
    parser.add_argument(
        "--takes", metavar="N", type=whole_in(1, MOST_TAKES), default=1, help="how many, numbered files (1)"
    )
    parser.add_argument("--backend", choices=AUDIO_BACKENDS, default="", help="sketch, ambient: without a model")
    parser.add_argument("--model", default="", help="such as musicgen-medium; musearoo models list tells all")
    parser.add_argument("--loudness", metavar="LUFS", type=number_in(-60, 0), help="how loud (as the model made it)")
    parser.add_argument(
        "--rate", metavar="HZ", type=whole_in(LOWEST_RATE, HIGHEST_RATE), default=44_100, help="of the file (44100)"
    )
    parser.add_argument("--bits", type=int, choices=tuple(SUBTYPE_OF_BITS), default=24, help="32: float (24)")
    parser.add_argument("--again", metavar="SIDECAR", type=Path, help=f"make a sound again, by its {ENDING} file")
    add_json(parser)
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Generate audio, and report the files."""
    if options.out.suffix != ".wav":
        options.parser.error(f"argument --out: must end in .wav, unlike {options.out}")
    sidecar = _read_again(options)
    again = sidecar and request_again(sidecar, options.out.parent, options.out.stem)
    request = again or _read_request(options)
    home = home_folder()
    started = time.perf_counter()
    with showing(options.out.name, quiet=options.json) as report:
        made = generate_audio(request, ModelStore(home / FOLDER), home, report)
    milliseconds = (time.perf_counter() - started) * 1000
    if sidecar is not None:
        made = _compare(made, sidecar)
    if options.json:
        print(json.dumps(_encode(made, request, milliseconds)))
    else:
        _show(made, milliseconds, Terminal())
    return 0


def _read_again(options: argparse.Namespace) -> Sidecar | None:
    """Return the sidecar to repeat, or None if the other arguments define the request."""
    if options.again is None:
        if options.prompt is None:
            options.parser.error("the following arguments are required: PROMPT (or --again SIDECAR)")
        if not (options.prompt.strip() or options.melody or options.before):
            options.parser.error("argument PROMPT: must say what it is to sound like, and is empty")
        return None
    beside = [
        "PROMPT" if name == "prompt" else f"--{name.replace('_', '-').replace('before', 'continue')}"
        for name, value in vars(options).items()
        if name not in ("again", "out", "json") and value != options.parser.get_default(name)
    ]
    if beside:
        options.parser.error(f"argument --again: the sidecar already says what {', '.join(beside)} would")
    return read_sidecar(options.again)


def _read_request(options: argparse.Namespace) -> ImagineRequest:
    for name, other in (("bars", "seconds"), ("melody", "before")):
        if getattr(options, name) is not None and getattr(options, other) is not None:
            options.parser.error(f"argument --{name}: not with --{other.replace('before', 'continue')}")
    stem = options.out.stem
    meter = Meter.parse(options.time_signature) if options.time_signature else None
    request = ImagineRequest(
        text=options.prompt,
        folder=str(options.out.parent),
        title=stem,
        names=tuple(f"{stem} {number}" for number in range(1, options.takes + 1)) if options.takes > 1 else (stem,),
        bpm=options.bpm,
        numerator=meter.numerator if meter else None,
        denominator=meter.denominator if meter else None,
        bars=options.bars,
        seconds=options.seconds,
        key=options.key,
        style=options.style,
        seed=seed_of(-1 if options.seed is None else options.seed, str(time.time_ns())),
        takes=options.takes,
        backend=options.backend,
        model=options.model,
        before=Source(str(options.before)) if options.before else None,
        loudness_lufs=options.loudness,
        rate=options.rate,
        subtype=SUBTYPE_OF_BITS[options.bits],
    )
    return request if options.melody is None else _add_tune(request, options.melody)


def _add_tune(request: ImagineRequest, path: Path) -> ImagineRequest:
    """Return the request with a file's tune; a MIDI file also gives tempo and length if none are requested."""
    if path.suffix.lower() not in MIDI_SUFFIXES:
        return replace(request, melody=Source(str(path)))
    song = decode_midi_file(read_file(path), str(path))
    clip = _find_tune(song)
    if clip is None:
        raise CommandError(f"{path} has no notes but drums: give a file with a tune.")
    bpm = request.bpm or song.bpm
    seconds = seconds_per_beat(bpm)
    notes: TuneNotes = tuple((note.start * seconds, note.pitch, note.duration * seconds) for note in clip.notes)
    if request.numerator is None:
        request = replace(request, numerator=song.meter.numerator, denominator=song.meter.denominator)
    if request.bars is None and request.seconds is None:
        bars = min(MOST_BARS, max(1, -(-clip.length // request.meter.bar_beats)))
        request = replace(request, bars=int(bars))
    return replace(request, notes=notes, bpm=bpm)


def _find_tune(song: MidiSong) -> Clip | None:
    """Return the part of a song with the tune: the highest part except drums."""
    parts = [clip for name, clip in song.parts.items() if name not in song.drums and clip.notes]
    return max(parts, key=lambda clip: sum(note.pitch for note in clip.notes) / len(clip.notes), default=None)


def _compare(made: Imagined, sidecar: Sidecar) -> Imagined:
    """Compare a sound made again with the first one, and add a sentence if they may differ."""
    now = read_sidecar(made.takes[0].sidecar)
    if (now.version, now.device, now.precision) == (sidecar.version, sidecar.device, sidecar.precision):
        return made
    doubt = "The model, its device or MuseAroo are not what they were then: this may sound otherwise."
    return dataclasses.replace(made, notices=(*made.notices, doubt))


def _encode(made: Imagined, request: ImagineRequest, milliseconds: float) -> dict[str, Any]:
    first = made.takes[0]
    return {
        "out": str(first.path),
        "sidecar": str(first.sidecar),
        "seconds": first.seconds,
        "bpm": first.bpm,
        "bars": first.bars,
        "backend": made.backend,
        "model": made.model,
        "seed": first.seed,
        "licence": made.licence,
        "prompt": made.prompt,
        "text": request.text,
        "label": made.label,
        "told": [*made.notices, *first.notices],
        "takes": [
            {
                "out": str(take.path),
                "sidecar": str(take.sidecar),
                "seed": take.seed,
                "sample_rate": take.rate,
                "channels": take.channels,
                "frames": take.frames,
                "beats": list(take.beats),
                "told": list(take.notices),
                "first_audio_ms": round(take.first_audio_ms, 3),
                "ms": round(take.ms, 3),
            }
            for take in made.takes
        ],
        "first_audio_ms": round(first.first_audio_ms, 3),
        "ms": round(milliseconds, 3),
    }


def _show(made: Imagined, milliseconds: float, console: Terminal) -> None:
    def tell(text: str, **how: Any) -> None:
        console.print(text, soft_wrap=True, highlight=False, **how)

    by = f"[bold]{escape(made.model)}[/bold]" if made.model else f"{made.label}, without a model"
    tell(f"Imagined by {by}: {escape(made.prompt)}")
    for take in made.takes:
        tell(f"[green]✓[/] {escape(str(take.path))}  (seed {take.seed})")
    if made.licence:
        tell(f"Licence of the model: {escape(made.licence)}")
    for sentence in dict.fromkeys((*made.notices, *(each for take in made.takes for each in take.notices))):
        tell(escape(sentence))
    first = made.takes[0]
    bars = "1 bar" if first.bars == 1 else f"{first.bars} bars"
    length = f"{bars} at {first.bpm:g} BPM, " if first.bars and first.bpm else ""
    seconds = sum(take.seconds for take in made.takes)
    took = f"{milliseconds / 1000:.1f} s, the first of it after {first.first_audio_ms:.0f} ms"
    tell(f"{length}{seconds:.1f} s of sound in {took}", style="dim")
