"""`musearoo bench NAME`: measurements, as a table or as JSON."""

import argparse
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rich.progress import Progress
from rich.table import Table

from musearoo import how_to_install
from musearoo.bridge.commands.shared.arguments import add_json, whole_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.simulated import simulation_explained
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.tools.bench import options as bench_options
from musearoo.tools.bench.rows import Results, make_report, show_report
from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES

SERVER_NEEDS: Final = ("alembic", "argon2", "fastapi", "sqlalchemy", "uvicorn", "websockets")
"""Packages of the extra `server` that its benches cannot do without."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command and its benches."""
    benches = parser.add_subparsers(title="benches", metavar="NAME", required=True)
    latency = benches.add_parser("latency", help="press to clip, in the simulated Live")
    latency.add_argument("--presses", type=whole_in(1, 100_000), default=200, help="how many (200)")
    latency.add_argument("--peer", type=Path, metavar="DIR", help="a checkout of AbletonOSC to measure beside")
    latency.add_argument("--engine", default="drummaroo", help="who is asked for a take; band for all (drummaroo)")
    latency.add_argument("--busy", type=whole_in(0, 64), default=0, metavar="N", help="how many busy loops beside (0)")
    latency.add_argument("--models", action="store_true", help="Demucs and MusicGen at work beside: tiny random models")
    latency.add_argument(
        "--heard", type=whole_in(0, 64), default=0, metavar="N", help="audio clips heard beside, and one split (0)"
    )
    latency.add_argument("--trace", type=Path, metavar="FILE", help="write one press for chrome://tracing, as JSON")
    latency.add_argument("--profile", default=NEWEST, choices=PROFILES, help=f"which Live is simulated ({NEWEST})")
    add_json(latency)
    latency.set_defaults(run=run_latency)
    ambient = benches.add_parser("ambient", help="endless music: its speed, its sound over minutes, steering, a card")
    bench_options.add_ambient_options(ambient)
    add_json(ambient)
    ambient.set_defaults(run=run_ambient)
    predict = benches.add_parser("predict", help="how often a take was ready before it was asked for")
    bench_options.add_predict_options(predict)
    add_json(predict)
    predict.set_defaults(run=run_predict)
    scale = benches.add_parser("scale", help="a press in sets of up to 20,000 clips: nothing in it grows with the set")
    bench_options.add_scale_options(scale)
    add_json(scale)
    scale.set_defaults(run=run_scale)
    device = benches.add_parser("device", help="the Max for Live device, in the simulated Max and Live")
    bench_options.add_device_options(device)
    add_json(device)
    device.set_defaults(run=run_device)
    analysis = benches.add_parser("analysis", help="hearing, beside plain librosa and plain madmom")
    bench_options.add_analysis_options(analysis)
    add_json(analysis)
    analysis.set_defaults(run=run_analysis)
    engines = benches.add_parser("engines", help="the Roo engines: speed, and their music beside people's")
    bench_options.add_engines_options(engines)
    add_json(engines)
    engines.set_defaults(run=run_engines)
    sounds = benches.add_parser("sounds", help="what new parts sound with, by version and edition of Live")
    bench_options.add_sounds_options(sounds)
    add_json(sounds)
    sounds.set_defaults(run=run_sounds)
    versions = benches.add_parser("versions", help="versions of a song: time of each step, and space beside copies")
    bench_options.add_versions_options(versions)
    add_json(versions)
    versions.set_defaults(run=run_versions)
    stems = benches.add_parser("stems", help="splitting: quality, speed and memory, beside stock Demucs and plain HPSS")
    bench_options.add_stems_options(stems)
    add_json(stems)
    stems.set_defaults(run=run_stems)
    musicgen = benches.add_parser("musicgen", help="imagining: speed and equality beside audiocraft, and loops")
    bench_options.add_musicgen_options(musicgen)
    add_json(musicgen)
    musicgen.set_defaults(run=run_musicgen)
    voice = benches.add_parser("voice", help="what is said: understood, mistaken, how quickly; said by synthesisers")
    bench_options.add_voice_options(voice)
    add_json(voice)
    voice.set_defaults(run=run_voice)
    midi = benches.add_parser("midi", help="playing along: notes on time, none that hangs, the clock, jams, grooves")
    bench_options.add_midi_options(midi)
    add_json(midi)
    midi.set_defaults(run=run_midi)
    api = benches.add_parser("api", help="the server: over the engine alone, beside the device's press, start, memory")
    bench_options.add_api_options(api)
    add_json(api)
    api.set_defaults(run=run_api)
    page = benches.add_parser("page", help="the page in Chromium: load, touch, frames, memory, press, sound")
    bench_options.add_page_options(page)
    add_json(page)
    page.set_defaults(run=run_page)
    load = benches.add_parser("load", help="the server with many users: the knee, scaling, overload, a plan")
    bench_options.add_load_options(load)
    add_json(load)
    load.set_defaults(run=run_load)


def run_latency(options: argparse.Namespace) -> int:
    """Measure the time from request to clip."""
    from musearoo.tools.bench.latency import (  # imported here, because it loads the simulator
        measure_latency,
        require_checkout,
    )
    from musearoo.tools.bench.tracing.trace import trace_press
    from musearoo.tools.studio.processes import STUDIO_FAILURES

    console = Terminal(stderr=True)
    try:
        if options.peer:
            # Checked before the progress bar, which would leave an empty line.
            require_checkout(options.peer)
        with Progress(console=console, transient=True, disable=options.json) as progress:
            task = progress.add_task("Pressing Generate", total=options.presses)
            latency = measure_latency(
                options.presses,
                options.peer,
                options.profile,
                lambda done: progress.update(task, completed=max(done, 0)),
                options.engine,
                options.busy,
                options.models,
                options.heard,
            )
        if options.trace:
            trace_press(options.trace, options.engine, options.profile)
    except (*STUDIO_FAILURES, EngineError, OSError) as error:
        raise CommandError(str(error)) from error
    report = latency.report("AbletonOSC" if options.peer else None)
    if options.trace:
        report["trace"] = str(options.trace)
    if options.json:
        print(json.dumps(report))
    else:
        _show_latency(report)
    return 0


def run_ambient(options: argparse.Namespace) -> int:
    """Measure endless music."""
    from musearoo.tools.bench.ambient.runner import run  # imported here, because it loads the synthesiser

    return _judge(options, "Playing", run)


def run_predict(options: argparse.Namespace) -> int:
    """Measure how often a take was ready before it was asked for."""
    with simulation_explained():
        from musearoo.tools.bench.predict.runner import run  # imported here, because it loads the simulator

        return _judge(options, "Replaying", run)


def run_scale(options: argparse.Namespace) -> int:
    """Measure presses in sets of other sizes."""
    with simulation_explained():
        from musearoo.tools.bench.scale.runner import run  # imported here, because it loads the simulator

        return _judge(options, "Pressing", run)


def run_device(options: argparse.Namespace) -> int:
    """Measure the latency from a hand to the device, and from the device to the daemon."""
    with simulation_explained():
        from musearoo.tools.bench.device.runner import run  # imported here, because it loads both simulators

        return _judge(options, "Pressing", run)


def run_analysis(options: argparse.Namespace) -> int:
    """Measure the quality and speed of analysis."""
    from musearoo.tools.bench.analysis.listening import ListenerError
    from musearoo.tools.bench.analysis.runner import (  # imported here, because they load NumPy
        explain_missing,
        report,
        run,
        show,
    )

    missing = explain_missing(options)
    if missing:
        raise CommandError(missing)
    try:
        with Progress(console=Terminal(stderr=True), transient=True, disable=options.json) as progress:
            task = progress.add_task("Listening", total=1)

            def show_progress(who: str, done: int, of: int) -> None:
                progress.update(task, description=f"Listening: {who}", completed=done, total=of)

            results = run(options, show_progress)
    except (FileNotFoundError, ListenerError) as error:
        raise CommandError(str(error)) from error
    if options.json:
        print(json.dumps(report(results)))
    else:
        show(results, Terminal())
    return 0


def run_engines(options: argparse.Namespace) -> int:
    """Evaluate the Roo engines."""
    from musearoo.tools.bench.engines.runner import run  # imported here, because it loads NumPy and all presets

    return _judge(options, "Judging", run)


def run_sounds(options: argparse.Namespace) -> int:
    """List what new parts sound with."""
    with simulation_explained():
        from musearoo.tools.bench.sounds import run  # imported here, because it loads the simulator

        return _judge(options, "Listening", run)


def run_versions(options: argparse.Namespace) -> int:
    """Measure the versions of a song."""
    with simulation_explained():
        from musearoo.tools.bench.versions import run  # imported here, because it loads the simulator and NumPy

        return _judge(options, "Versions", run)


def run_stems(options: argparse.Namespace) -> int:
    """Measure the quality, speed and memory of stem separation."""
    from musearoo.tools.bench.stems.runner import run  # imported here, because it loads NumPy

    return _judge(options, "Splitting", run)


def run_musicgen(options: argparse.Namespace) -> int:
    """Measure the speed of audio generation, and how exact its loops are in tempo and length."""
    from musearoo.tools.bench.musicgen.runner import run  # imported here, because it loads everything that is measured

    return _judge(options, "Imagining", run)


def run_voice(options: argparse.Namespace) -> int:
    """Measure how well and how fast spoken sentences become commands, and clips."""
    with simulation_explained():
        from musearoo.tools.bench.voice.runner import (
            run,  # imported here, because it loads the simulator and the language engine
        )

        return _judge(options, "Listening", run)


def run_midi(options: argparse.Namespace) -> int:
    """Measure how well MuseAroo plays along, through real ports."""
    from musearoo.tools.bench.midi.runner import run  # imported here, because it imports everything that is measured

    return _judge(options, "Playing along", run)


def run_api(options: argparse.Namespace) -> int:
    """Measure what the server's answers cost."""
    _require_server()
    with simulation_explained():
        from musearoo.tools.bench.api.runner import run  # imported here, because it loads the server

        return _judge(options, "Asking", run)


def run_page(options: argparse.Namespace) -> int:
    """Measure the page in Chromium."""
    _require_server()
    with simulation_explained():
        from musearoo.tools.bench.page.runner import run  # imported here, because it loads the server

        return _judge(options, "Looking", run)


def run_load(options: argparse.Namespace) -> int:
    """Measure the server with many users."""
    _require_server()
    from musearoo.tools.bench.load.runner import run  # imported here, because it loads the server

    return _judge(options, "Loading", run)


def _require_server() -> None:
    """Raise CommandError where a package of the server is missing."""
    missing = [name for name in SERVER_NEEDS if find_spec(name) is None]
    if missing:
        raise CommandError(f"The server needs {join_names(missing)}: run {how_to_install('server')}.")


def _judge(
    options: argparse.Namespace,
    doing: str,
    run: Callable[[argparse.Namespace, Callable[[str, int, int], None]], Results],
) -> int:
    """Run a bench that returns rows, and show them."""
    try:
        with Progress(console=Terminal(stderr=True), transient=True, disable=options.json) as progress:
            task = progress.add_task(doing, total=1)

            def show_progress(what: str, done: int, of: int) -> None:
                progress.update(task, description=f"{doing}: {what}", completed=done, total=of)

            results = run(options, show_progress)
    except (OSError, EngineError, ParamError) as error:
        raise CommandError(str(error)) from error
    if options.json:
        print(json.dumps(make_report(results)))
    else:
        show_report(results, Terminal())
    return 0


def _show_latency(report: dict[str, object]) -> None:
    table = Table("leg", "p50", "p95", "p99", title="Press to clip in the simulated Live, ms", title_justify="left")
    rows: dict[str, object] = {"in all": report["total_ms"]}
    legs, peer = report["legs_ms"], report.get("peer")
    rows.update(legs if isinstance(legs, dict) else {})
    if isinstance(peer, dict):
        rows[f"{peer['name']}, in all"] = peer["total_ms"]
    for leg, values in rows.items():
        if isinstance(values, dict):
            table.add_row(leg, *(f"{values[name]:.1f}" for name in ("p50", "p95", "p99")))
    console = Terminal()
    console.print(table)
    first = f"The first press, with its instrument, took {report['first_press_ms']} ms."
    restarted = report["first_press_after_restart_ms"]
    if isinstance(restarted, dict):
        first += f" After a restart of the daemon it takes {restarted['p50']:.1f} ms."
    console.print(f"{report['presses']} presses of {report['bars']} bars. {first}")
    console.print(f"{report['refused']} were refused, {report['lean_takes']} got simpler takes; {report['beside']}.")
    daemon = report["daemon"]
    if isinstance(daemon, dict):
        idle = f", idle in {daemon['idle_mb']} MB" if daemon["idle_mb"] else ""
        console.print(f"The daemon was ready after {daemon['ready_ms']} ms{idle}.")
    if "trace" in report:
        console.print(f"The trace of one press is in {report['trace']}.")
    if "ratio_p50" in report:
        console.print(f"At the median MuseAroo is {report['ratio_p50']} times as fast.")
