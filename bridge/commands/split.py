"""`musearoo split FILE --out DIR`: separate a sound into stems, as WAV files."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from musearoo.bridge.audio.files import LONGEST
from musearoo.bridge.commands.shared.arguments import add_json, number_in
from musearoo.bridge.commands.shared.job_progress import showing
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.stems.plan import BACKENDS, USUAL_MODELS, SplitFiles, SplitRequest
from musearoo.bridge.stems.splitter import split_now
from musearoo.engines.neural.cards.catalogue import list_models

SUBTYPE_OF_BITS = {24: "PCM_24", 32: "FLOAT"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("file", metavar="FILE", type=Path, help="audio of any kind, mono or stereo")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to; nothing is replaced")
    backends = [name for name in BACKENDS if name]
    parser.add_argument("--backend", choices=backends, default="", help="default: demucs where it is there, else dsp")
    parser.add_argument("--stems", type=int, choices=tuple(USUAL_MODELS), default=4, help="6: guitar and piano too")
    models = [card.name for card in list_models("demucs")]
    parser.add_argument("--model", choices=models, default="", help="another than the usual")
    parser.add_argument("--bits", type=int, choices=tuple(SUBTYPE_OF_BITS), default=32, help="32: float, never clips")
    seconds = number_in(0.0, LONGEST)
    parser.add_argument("--from", dest="start", metavar="S", type=seconds, default=0.0, help="second to begin at")
    parser.add_argument("--to", dest="end", metavar="S", type=seconds, help="second to end at")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Split the file, and report the stems."""
    request = SplitRequest(
        path=str(options.file),
        folder=options.out,
        title=options.file.stem,
        start=options.start,
        end=options.end,
        backend=options.backend,
        stems=options.stems,
        model=options.model,
        subtype=SUBTYPE_OF_BITS[options.bits],
    )
    home = home_folder()
    started = time.perf_counter()
    with showing(options.file.name, quiet=options.json) as report:
        made = split_now(request, ModelStore(home / FOLDER), home, report)
    milliseconds = (time.perf_counter() - started) * 1000
    if options.json:
        print(json.dumps(_encode(made, milliseconds)))
    else:
        _show(made, milliseconds, Terminal())
    return 0


def _encode(made: SplitFiles, milliseconds: float) -> dict[str, Any]:
    return {
        "backend": made.backend,
        "model": made.model,
        "licence": made.licence,
        "sample_rate": made.rate,
        "channels": made.channels,
        "frames": made.frames,
        "stems": {stem: str(path) for stem, path in made.files.items()},
        "from_cache": made.from_cache,
        "notes": list(made.notes),
        "ms": round(milliseconds, 3),
    }


def _show(made: SplitFiles, milliseconds: float, console: Terminal) -> None:
    by = made.model or "the DSP fallback, which needs no model"
    again = ", made before" if made.from_cache else ""
    console.print(f"Split by [bold]{escape(by)}[/bold]{again}")
    for stem, path in made.files.items():
        console.print(f"  {stem:<7} {escape(str(path))}", soft_wrap=True, highlight=False)
    if made.licence:
        console.print(f"Licence of the model: {escape(made.licence)}", soft_wrap=True, highlight=False)
    for note in made.notes:
        console.print(escape(note), soft_wrap=True, highlight=False)
    seconds = made.frames / made.rate
    console.print(f"{seconds:.1f} s of sound in {milliseconds / 1000:.1f} s", style="dim")
