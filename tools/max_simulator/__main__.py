"""`python -m musearoo.tools.max_simulator DEVICE.amxd`: a device in the simulated Max, controlled from the terminal."""

import argparse
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from musearoo.bridge.settings.config_files import home_folder
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.formats.container import ContainerError, unpack
from musearoo.tools.max_simulator.formats.faults import HostTimeout, PatchError, UnknownControlError
from musearoo.tools.max_simulator.formats.patch import read_patch
from musearoo.tools.max_simulator.outside.clock import RealClock
from musearoo.tools.max_simulator.outside.files import installed_files
from musearoo.tools.max_simulator.outside.live_api import FakeLive, LiveAccess
from musearoo.tools.max_simulator.outside.simulated_live import SimulatedLive
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.max_simulator.terminal import COMMANDS, CommandError, Terminal

DESCRIPTION = "Loads a built device into a simulated Max and lets you use it by commands."

LIVES = ("none", "simulated")

LIVE_KINDS = {"aaaa": "audio", "mmmm": "midi", "iiii": "instrument"}
"""The simulated Live's name of each container kind."""

STARTUP_SECONDS = 0.3
"""Time for the device to connect to its daemon before the first command."""

FOREVER = 1e9
"""Seconds."""

END = ""
"""The end-of-stdin marker: a line read from stdin is never empty, since it ends with a newline."""


def make_parser() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.max_simulator",
        description=DESCRIPTION,
        epilog="Commands: " + "; ".join(COMMANDS.values()),
    )
    parser.add_argument("device", type=Path, metavar="DEVICE.amxd", help="a built device")
    parser.add_argument(
        "--do", action="append", default=[], metavar="COMMAND", help="a command; else they come on stdin"
    )
    parser.add_argument(
        "--home", type=Path, default=home_folder(), metavar="DIR", help="MuseAroo's folder, in which the daemon runs"
    )
    parser.add_argument(
        "--live",
        choices=LIVES,
        default="none",
        help="the set around it: none (three empty tracks that only LiveAPI sees) or a simulated Live",
    )
    parser.add_argument("--script", action="append", default=[], metavar="DIR", help="a Remote Script of that Live")
    parser.add_argument("--png", type=Path, metavar="FILE", help="draw the face at the end")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a device; return 0, or 1 after a command that failed."""
    options = make_parser().parse_args(arguments)
    try:
        container = unpack(options.device.read_bytes())
        patch = read_patch(container.patcher())
    except OSError as fault:
        print(f"{options.device} cannot be read: {fault.strerror}.", file=sys.stderr)
        return 1
    except (ContainerError, PatchError) as fault:
        print(f"{options.device}: {fault}", file=sys.stderr)
        return 1
    if options.live == "none":
        fake = FakeLive.with_tracks(3)
        return drive(options, fake, fake.key(0))
    with LiveProcess(scripts=options.script) as process:
        kind, names = LIVE_KINDS[container.kind], [parameter.long_name for parameter in patch.automated]
        key = process.insert_max_device("song.tracks[0]", options.device.stem, kind, -1, names)
        return drive(options, SimulatedLive(process), key)


def drive(options: argparse.Namespace, live: LiveAccess, key: int) -> int:
    """Load the device and run the commands one after another; return the exit status."""
    with MaxHost(live, RealClock(), files=installed_files(options.device, options.home)) as host:
        try:
            device = host.load(options.device, key=key)
        except (ContainerError, PatchError) as fault:
            print(f"{options.device}: {fault}", file=sys.stderr)
            return 1
        host.run_for(STARTUP_SECONDS)
        terminal = Terminal(host, device)
        failed = run_commands(terminal, options.do or read_lines(host))
        if options.png is not None:
            failed = run_commands(terminal, [f"png {shlex.quote(str(options.png))}"]) or failed
        for error in device.errors:
            print(f"Max's console: {error}", file=sys.stderr)
    return int(failed)


def run_commands(terminal: Terminal, lines: Iterable[str]) -> bool:
    """Run commands until one quits; return whether any failed."""
    failed = False
    for line in lines:
        try:
            answer = terminal.do(line)
        except (CommandError, UnknownControlError, HostTimeout, OSError) as fault:
            print(f"{line.strip()}: {fault}", file=sys.stderr)
            failed = True
            continue
        if answer is None:
            break
        if answer:
            print(answer, flush=True)
    return failed


def read_lines(host: MaxHost) -> Iterator[str]:
    """Yield the lines of stdin as they arrive; the device keeps running while there is no input."""
    lines: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.put(END)

    Thread(target=read, daemon=True).start()
    while True:
        host.run_until(lambda: not lines.empty(), FOREVER)
        line = lines.get()
        if line == END:
            return
        yield line


if __name__ == "__main__":
    sys.exit(main())
