"""`python -m musearoo.tools.workshop.corpora render`: render development sets. See `--help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from musearoo.tools.bench.corpora.splits import SPLITS
from musearoo.tools.workshop.corpora.fluidsynth import RenderError
from musearoo.tools.workshop.corpora.sets import KINDS, write_set


def main(arguments: list[str] | None = None) -> int:
    """Render the requested set; return 0, or 1 with one line on stderr on failure."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.corpora", description="development sets for hearing"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    render = commands.add_parser("render", help="sound with its truth, from corpora of notes")
    render.add_argument("--corpora", type=Path, required=True, metavar="DIR", help="the folder of their checkouts")
    render.add_argument(
        "--soundfonts", type=Path, nargs="+", required=True, metavar="DIR", help="where .sf2 and .sf3 lie"
    )
    render.add_argument("--out", type=Path, required=True, metavar="DIR", help="where SPLIT/KIND/NAME.flac goes")
    render.add_argument("--split", choices=SPLITS, required=True)
    render.add_argument("--kind", choices=sorted(KINDS), nargs="+", required=True)
    render.add_argument("--count", type=int, default=16, help="excerpts of each kind (16)")
    render.add_argument("--stems", action="store_true", help="NAME.stems/STEM.flac too, of dev and held")
    render.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    fonts = sorted(
        path
        for folder in options.soundfonts
        for path in folder.iterdir()
        if path.suffix in (".sf2", ".sf3") and not path.is_symlink()
    )
    try:
        for kind in options.kind:
            made = write_set(
                kind=kind,
                split=options.split,
                count=options.count,
                seed=options.seed,
                corpora=options.corpora,
                soundfonts=fonts,
                out=options.out,
                progress=print,
                with_stems=options.stems,
            )
            print(f"{options.split}/{kind}: {made} excerpts")
    except (RenderError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
