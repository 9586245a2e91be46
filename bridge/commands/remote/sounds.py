"""`analyze`, `split` and `imagine` by a server: files go there, and what was made of them comes back."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musearoo.bridge.audio.files import probe_audio
from musearoo.bridge.commands.remote.calling import finish, refuse, scratch, sent
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import write_file
from musearoo.bridge.commands.shared.standard_output import tell

if TYPE_CHECKING:
    from musearoo.client import Client, Session


def analyze(client: Client, options: argparse.Namespace) -> int:
    """Have files analysed, and print the findings; returns 1 if any could not be."""
    from musearoo.client import ClientError

    refuse(options, "plot", "kit")
    rows: list[dict[str, Any]] = []
    failed = False
    with scratch(client, "analyze") as session:
        for path in options.files:
            try:
                rows.append({"file": str(path), **_analyze(client, session, path, options)})
            except (ClientError, CommandError) as error:
                failed = True
                tell(f"musearoo: {error}", to_stderr=True)
    if options.json:
        print(json.dumps(rows))
    return 1 if failed else 0


def _analyze(client: Client, session: Session, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return the analysis of a file; with --deep that of the deep pass, where the server has it."""
    with sent(client, path) as upload:
        found = session.analyze_file(upload=upload, name=path.name, deep=options.deep)
        analysis, sentence = found.analysis or {}, found.sentence
        if found.job is not None:
            deep = finish(client, found.job, path.name, quiet=options.json)
            analysis, sentence = {"ms": analysis.get("ms"), **deep["analysis"]}, deep["sentence"]
        elif options.deep:
            tell(*(f"musearoo: {notice}" for notice in found.notices), to_stderr=True)
        if not options.json:
            tell(sentence)
    return analysis


def split(client: Client, options: argparse.Namespace) -> int:
    """Have a sound separated, and fetch the stems."""
    refuse(options, "model", "bits", "start", "end")
    started = time.perf_counter()
    with scratch(client, "split") as session, sent(client, options.file) as upload:
        placed = session.analyze_file(upload=upload, name=options.file.name, place=True, scene=1, apply="")
        track = next(each.number for each in session.read_set().tracks if each.kind == "audio")
        job = session.split(backend=options.backend, stems=options.stems, track=track, scene=1)
        result = finish(client, job, options.file.name, quiet=options.json)
        stems = _fetch_stems(client, result, options)
    facts, sound = result["facts"], probe_audio(next(iter(stems.values())))
    report = {
        "backend": facts["backend"],
        "model": facts["model"],
        "licence": facts["licence"],
        "sample_rate": facts["sample_rate"],
        "channels": sound.channels,
        "frames": round(sound.duration * sound.rate),
        "stems": stems,
        # Only the server knows.
        "from_cache": None,
        "notes": list(_notices(result)),
        "ms": round((time.perf_counter() - started) * 1000, 3),
    }
    if options.json:
        print(json.dumps(report))
    else:
        tell(placed.sentence, f"Split by {facts['model'] or 'the DSP fallback, which needs no model'}")
        tell(*(f"  {stem:<7} {path}" for stem, path in stems.items()), *_notices(result))
    return 0


def _fetch_stems(client: Client, result: dict[str, Any], options: argparse.Namespace) -> dict[str, str]:
    """Write the stems of a job, named as the local command names them, over none that is there."""
    stems: dict[str, str] = {}
    for file in result["files"]:
        path = options.out / file["name"]
        if path.exists():
            raise CommandError(f"{path} is there already: choose another folder.")
        write_file(path, client.read_made_file(file["id"]).content, make_folder=True)
        stems[_stem_of(file["name"])] = str(path)
    return stems


def _stem_of(name: str) -> str:
    """Return which stem a file is: the last word of its name, before who made it.

    >>> _stem_of("My loop · Drums (DSP).wav")
    'drums'
    """
    return Path(name).stem.partition(" (")[0].split()[-1].lower()


def imagine(client: Client, options: argparse.Namespace) -> int:
    """Have a sound imagined, and fetch its takes."""
    refuse(options, "seconds", "melody", "before", "loudness", "rate", "bits", "again")
    if options.out.suffix != ".wav":
        options.parser.error(f"argument --out: must end in .wav, unlike {options.out}")
    if not (options.prompt or "").strip():
        options.parser.error("argument PROMPT: must say what it is to sound like, and is empty")
    # Before the server works for minutes.
    _take_paths(options.out, options.takes)
    started = time.perf_counter()
    given = {} if options.bars is None else {"bars": options.bars}
    about = {"bpm": options.bpm, "time_signature": options.time_signature, "key": options.key}
    with scratch(client, "imagine", **about) as session:
        job = session.imagine(
            prompt=options.prompt,
            takes=options.takes,
            seed=options.seed,
            backend=options.backend,
            model=options.model,
            key=options.key,
            style=options.style,
            follow=False,
            **given,
        )
        result = finish(client, job, options.out.name, quiet=options.json)
        sounds = [file for file in result["files"] if file["name"].endswith(".wav")]
        outs = _take_paths(options.out, len(sounds))
        for file, path in zip(sounds, outs, strict=True):
            write_file(path, client.read_made_file(file["id"]).content)
    milliseconds = round((time.perf_counter() - started) * 1000, 3)
    facts, first = result["facts"], result["facts"]["takes"][0]
    takes = [{"out": str(path), **take} for path, take in zip(outs, facts["takes"], strict=True)]
    report = {
        **{name: facts[name] for name in ("backend", "model", "licence", "prompt")},
        **{name: first[name] for name in ("seconds", "bpm", "bars", "seed")},
        "out": str(outs[0]),
        "text": options.prompt,
        # Only the server knows.
        "label": None,
        "sidecar": None,
        "told": list(_notices(result)),
        "takes": takes,
        # A file can be heard when it is here.
        "first_audio_ms": milliseconds,
        "ms": milliseconds,
    }
    if options.json:
        print(json.dumps(report))
    else:
        tell(f"Imagined by {facts['model'] or facts['backend']}: {facts['prompt']}")
        tell(*(f"✓ {take['out']}  (seed {take['seed']})" for take in takes), *_notices(result))
    return 0


def _take_paths(out: Path, count: int) -> list[Path]:
    """Return where takes go: as the local command numbers them. Raises CommandError for a file that is there."""
    paths = [out] if count == 1 else [out.with_stem(f"{out.stem}-{number}") for number in range(1, count + 1)]
    for path in paths:
        if path.exists():
            raise CommandError(f"{path} is there already: choose another name.")
    return paths


def _notices(result: dict[str, Any]) -> tuple[str, ...]:
    outcome = result.get("outcome") or {}
    return tuple(outcome.get("notices", ()))
