"""`python -m musearoo.tools.live_simulator`: a process that simulates Live and loads Remote Scripts."""

from __future__ import annotations

import argparse
import json
import os
import sys

from musearoo.tools.live_simulator import mac_sockets
from musearoo.tools.live_simulator.control import ControlChannel
from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES
from musearoo.tools.live_simulator.piano_roll import print_set
from musearoo.tools.live_simulator.program.browser.content import EDITIONS
from musearoo.tools.live_simulator.program.remote_scripts import ScriptError
from musearoo.tools.live_simulator.program.simulator import MUTATIONS, Simulator
from musearoo.tools.live_simulator.snapshot import open_set, take_snapshot


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="python -m musearoo.tools.live_simulator", description=__doc__)
    parser.add_argument("--profile", default=NEWEST, choices=PROFILES, help="the Live version to be")
    parser.add_argument(
        "--mac-datagrams", action="store_true", help="let UDP sockets tell macOS's send buffer of 9,216 bytes"
    )
    parser.add_argument("--edition", default="Suite", choices=EDITIONS, help="the edition of Live to be")
    parser.add_argument("--script", action="append", default=[], metavar="DIR", help="a Remote Script's folder")
    parser.add_argument("--user-library", metavar="DIR", help="loads the scripts in its 'Remote Scripts'")
    parser.add_argument("--surface", action="append", default=[], metavar="NAME", help="only these of them")
    parser.add_argument("--set", metavar="FILE", help="open this set (JSON, as --save writes it)")
    parser.add_argument("--save", metavar="FILE", help="write the set as JSON at the end")
    parser.add_argument("--print", action="store_true", dest="show", help="print the set at the end")
    parser.add_argument("--control", action="store_true", help="take commands as JSON lines on stdin")
    parser.add_argument("--break", dest="mutation", choices=MUTATIONS, help="break the simulator on purpose")
    parser.add_argument("--run-seconds", type=float, metavar="N", help="quit after N seconds")
    parser.add_argument("--seed", type=int, default=0, help="seeds the timers' jitter")
    return parser.parse_args(arguments)


def script_folders(options: argparse.Namespace) -> list[str]:
    """Return the folders of the scripts to load: those given as options, then those of the user library."""
    folders = list(options.script)
    if options.user_library:
        library = os.path.join(options.user_library, "Remote Scripts")
        names = sorted(os.listdir(library)) if os.path.isdir(library) else []
        for name in options.surface or names:
            folder = os.path.join(library, name)
            if options.surface or os.path.isfile(os.path.join(folder, "__init__.py")):
                folders.append(folder)
    return folders


def main(arguments: list[str] | None = None) -> int:
    """Run a simulated Live until it is asked to quit; return the exit status."""
    options = parse(arguments)
    reply = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    if options.control:
        sys.stdout = sys.stderr  # keeps what scripts print out of the replies
    if options.mac_datagrams:
        mac_sockets.install()
    simulator = Simulator(
        options.profile,
        user_library=options.user_library,
        edition=options.edition,
        mutation=options.mutation,
        seed=options.seed,
        on_log=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if options.set:
        with open(options.set, encoding="utf-8") as file:
            open_set(simulator.song_model, json.load(file))
    simulator.install()
    for folder in script_folders(options):
        try:
            simulator.load_script(folder)
        except ScriptError as error:
            if not options.control:
                print(error, file=sys.stderr)
                return 1
    control = ControlChannel(simulator, reply) if options.control else None
    try:
        if control is not None:
            control.start(sys.stdin)
        if options.run_seconds is not None:
            simulator.run_for(options.run_seconds)
        else:
            simulator.run()
    except KeyboardInterrupt:
        print("interrupted: quitting", file=sys.stderr)
    simulator.quit()
    if options.save:
        with open(options.save, "w", encoding="utf-8") as file:
            json.dump(take_snapshot(simulator.song_model), file, indent=1)
    if options.show:
        print_set(simulator.song_model, reply)
    if control is not None:
        control.acknowledge_quit()
    reply.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
