"""The options of the benchmarks; light, because the command line imports them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from musearoo.bridge.commands.shared.arguments import whole_in

ANALYSIS_LISTENERS: Final = ("fast", "deep", "stems", "split", "librosa", "madmom")
AMBIENT_PARTS: Final = ("speed", "sound", "told", "card", "stream")
API_PARTS: Final = ("overhead", "sizes", "start", "upload", "live", "daemon")
PAGE_PARTS: Final = ("load", "touch", "frames", "memory", "press", "sound", "bytes")
"""The parts of the api benchmark, in order; the last two need the simulated Live."""
DEEP_LISTENERS: Final = ("deep", "madmom")
STEM_LISTENERS: Final = ("stems", "split")
ENGINES_PARTS: Final = ("speed", "drums", "ranges", "distances", "faults", "variety", "recognition", "song", "fit")
"""The parts of the engines benchmark, in order; the last needs a corpus."""
LOAD_PARTS: Final = ("users", "idle", "scaling", "knee", "overload", "plan")
"""The parts of the load benchmark, in order; the plan measures what it needs of the others."""
PREDICT_HALVES: Final = ("tuned", "unseen")
MIDI_PARTS: Final = ("timing", "kills", "clock", "jam", "groove")
"""The parts of the midi benchmark, in order."""
MUSICGEN_PARTS: Final = ("steps", "codec", "sound", "stopping", "likeness", "loops", "gpu")
"""The parts of the musicgen benchmark, in order."""
LIVE_PROFILES: Final = ("11.3.25", "12.0.0", "12.0.5", "12.2.0", "12.3.6")
LIVE_EDITIONS: Final = ("Intro", "Standard", "Suite")
STEMS_PARTS: Final = ("dsp", "demucs", "memory")
"""The parts of the stems benchmark, in order."""
VOICE_PARTS: Final = ("text", "speech", "outside", "ending", "clip", "ready")
"""The parts of the voice benchmark, in order."""


def add_ambient_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench ambient`."""
    parser.add_argument("--only", nargs="+", choices=AMBIENT_PARTS, default=AMBIENT_PARTS, help="which parts (all)")
    parser.add_argument("--presets", nargs="+", default=[], metavar="NAME", help="which presets (all)")
    parser.add_argument("--minutes", type=float, default=3.0, metavar="N", help="of sound that is measured, each (3)")
    parser.add_argument("--seconds", type=float, default=30.0, metavar="N", help="that are timed, and played (30)")
    parser.add_argument("--busy", type=whole_in(0, 64), default=0, metavar="N", help="busy loops beside the card (0)")


def add_analysis_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench analysis`; the command line adds `--json`."""
    parser.add_argument("--sets", type=Path, metavar="DIR", help="rendered sets: SPLIT/KIND/NAME.flac and .json")
    parser.add_argument("--split", default="dev", help="which of their splits (dev)")
    parser.add_argument("--kinds", nargs="+", default=[], metavar="KIND", help="which kinds of music (all)")
    parser.add_argument("--limit", type=int, metavar="N", help="of each kind only the first N excerpts")
    parser.add_argument("--deep", action="store_true", help="the deep pass too, beside plain madmom")
    parser.add_argument(
        "--stems", action="store_true", help="with stems too: the true ones of rendered sets, and ours without models"
    )
    parser.add_argument(
        "--only", nargs="+", choices=ANALYSIS_LISTENERS, metavar="WHO", help=f"of {', '.join(ANALYSIS_LISTENERS)}"
    )
    parser.add_argument("--no-times", action="store_true", help="measure no times and no memory")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keeps the answers of librosa and madmom")


def add_api_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench api`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=API_PARTS, metavar="PART", help=f"of {', '.join(API_PARTS)}")
    parser.add_argument("--quick", action="store_true", help="half a minute's look: one run, few requests")


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench page`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=PAGE_PARTS, metavar="PART", help=f"of {', '.join(PAGE_PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a minute's look: few touches, ten seconds of sound")


def add_load_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench load`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=LOAD_PARTS, metavar="PART", help=f"of {', '.join(LOAD_PARTS)}")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="half a minute's look: few users, short runs")
    length.add_argument(
        "--full", action="store_true", help="5,000 connections too, and longer runs: a quarter of an hour"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a plot of scaling and knee: .png, .svg or .pdf")


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench device`; the command line adds `--json`."""
    parser.add_argument("--presses", type=whole_in(1, 10_000), default=100, help="measured presses of Drums (100)")
    parser.add_argument("--clicks", type=whole_in(1, 1_000), default=10, help="clicks on each button (10)")


def add_predict_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench predict`; the command line adds `--json`."""
    parser.add_argument("--half", nargs="+", choices=PREDICT_HALVES, default=["unseen"], help="which sessions (unseen)")
    parser.add_argument("--sessions", type=whole_in(1, 20), default=20, help="how many of them (20)")
    parser.add_argument("--speed", type=whole_in(1, 20), default=20, help="how many times as fast as written (20)")


def add_scale_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench scale`; the command line adds `--json`."""
    parser.add_argument("--presses", type=whole_in(1, 10_000), default=100, help="presses in each set (100)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a plot of the growth: .png, .svg or .pdf")


def add_sounds_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench sounds`; the command line adds `--json`."""
    parser.add_argument("--profiles", nargs="+", choices=LIVE_PROFILES, default=list(LIVE_PROFILES), metavar="V")
    parser.add_argument("--editions", nargs="+", choices=LIVE_EDITIONS, default=list(LIVE_EDITIONS), metavar="E")
    parser.add_argument("--styles", nargs="+", default=[], metavar="STYLE", help="which styles (all)")


def add_engines_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench engines`; the command line adds `--json`."""
    parser.add_argument(
        "--only", nargs="+", choices=ENGINES_PARTS, metavar="PART", help=f"of {', '.join(ENGINES_PARTS)}"
    )
    parser.add_argument(
        "--takes", type=whole_in(2, 10_000), default=10, metavar="N", help="takes of an engine in a style (10)"
    )
    parser.add_argument(
        "--seed", type=whole_in(0, 2**31), default=0, metavar="N", help="the first take's; others judge anew (0)"
    )
    parser.add_argument("--styles", nargs="+", default=[], metavar="STYLE", help="which styles (all)")
    parser.add_argument(
        "--corpora",
        type=Path,
        metavar="DIR",
        help="POP909 with its phrases and reviewed chords, for the part that fits",
    )
    parser.add_argument("--render", type=Path, metavar="DIR", help="a minute of each style goes there, as WAV and PNG")


def add_midi_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench midi`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=MIDI_PARTS, metavar="PART", help=f"of {', '.join(MIDI_PARTS)}")
    parser.add_argument("--full", action="store_true", help="as much of each as its target is for, and more: an hour")


def add_musicgen_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench musicgen`; the command line adds `--json`."""
    parser.add_argument(
        "--only", nargs="+", choices=MUSICGEN_PARTS, metavar="PART", help=f"of {', '.join(MUSICGEN_PARTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="a minute's look: tiny models, few takes")


def add_stems_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench stems`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=STEMS_PARTS, metavar="PART", help=f"of {', '.join(STEMS_PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a minute's look: few mixes, tiny models, short files")
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="a folder of models, each in a folder of its name (MuseAroo's own; random ones where htdemucs is missing)",
    )
    parser.add_argument(
        "--minutes",
        type=whole_in(1, 240),
        default=30,
        metavar="N",
        help="how long the file is whose memory is measured (30)",
    )


def add_voice_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench voice`; the command line adds `--json`."""
    parser.add_argument("--only", nargs="+", choices=VOICE_PARTS, metavar="PART", help=f"of {', '.join(VOICE_PARTS)}")
    parser.add_argument(
        "--sentences",
        type=whole_in(1, 10_000),
        default=40,
        metavar="N",
        help="how many are spoken, each by one voice in turn (40); all of them: ten minutes of music, too",
    )
    parser.add_argument(
        "--voices", nargs="+", metavar="NAME", help='who speaks, such as "flite slt" "espeak-ng en-gb" (all)'
    )
    parser.add_argument("--music", type=Path, metavar="DIR", help="sound files under the voices (our own band's music)")
    parser.add_argument(
        "--drawn", action="store_true", help="sentences drawn from the grammar instead of those written beforehand"
    )
    parser.add_argument("--no-peer", action="store_true", help="ours alone, in about half the time")
    parser.add_argument("--full", action="store_true", help="all sentences by all voices: hours")


def add_versions_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `musearoo bench versions`; the command line adds `--json`."""
    parser.add_argument(
        "--seconds", type=whole_in(1, 600), default=30, metavar="N", help="length of each of the twenty stems (30)"
    )
    parser.add_argument("--versions", type=whole_in(2, 1_000), default=100, metavar="N", help="of the song (100)")
    parser.add_argument(
        "--commits", type=whole_in(1, 100_000), default=10_000, metavar="N", help="of the long history (10,000)"
    )
    parser.add_argument("--times", type=whole_in(1, 1_000), default=20, metavar="N", help="in the simulated Live (20)")
