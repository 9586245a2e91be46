"""Build the devices, and unpack or pack containers.

python -m musearoo.tools.workshop.device_builder    writes every file that is built from the table python -m
musearoo.tools.workshop.device_builder --check    changes nothing; exits 1, names outdated files python -m
musearoo.tools.workshop.device_builder unpack DEVICE FOLDER  writes the files of an .amxd into a folder python -m
musearoo.tools.workshop.device_builder pack FOLDER DEVICE    makes an .amxd of such a folder
"""

import argparse
import sys
from pathlib import Path

from musearoo.tools import ROOT
from musearoo.tools.max_simulator.formats.container import ContainerError, pack, unpack
from musearoo.tools.workshop.device_builder.build import build_files
from musearoo.tools.workshop.device_builder.objects import BuildError
from musearoo.tools.workshop.device_builder.unpacked import read_folder, write_folder


def main(argv: list[str] | None = None) -> int:
    """Return the exit status: 0, 1 for outdated files, 2 for what cannot be built or read."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.device_builder", description="Build the Max for Live devices."
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file is out of step")
    tasks = parser.add_subparsers(dest="task", metavar="unpack | pack")
    for task, first, second, text in (
        ("unpack", "device", "folder", "write the files within an .amxd into a folder"),
        ("pack", "folder", "device", "make an .amxd of such a folder"),
    ):
        task_parser = tasks.add_parser(task, help=text)
        task_parser.add_argument(first, type=Path)
        task_parser.add_argument(second, type=Path)
    options = parser.parse_args(argv)
    try:
        if options.task == "unpack":
            write_folder(unpack(options.device.read_bytes()), options.folder)
        elif options.task == "pack":
            options.device.write_bytes(pack(read_folder(options.folder)))
        else:
            return _build(check=options.check)
    except ContainerError as error:
        print(f"{options.device if options.task == 'unpack' else options.folder}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename} cannot be read or written: {error.strerror}.", file=sys.stderr)
        return 2
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _build(*, check: bool) -> int:
    """Write files that differ, or with `check` only name them."""
    stale = []
    for name, wanted in build_files().items():
        path = ROOT / name
        if path.is_file() and path.read_bytes() == wanted:
            continue
        stale.append(name)
        if not check:
            path.write_bytes(wanted)
            print(f"wrote {name}")
    if check and stale:
        print(
            f"out of step with the table: {', '.join(stale)}; run python -m musearoo.tools.workshop.device_builder",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
