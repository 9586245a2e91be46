"""Presses Generate or Analyse from the terminal, in the Live that the daemon serves: buttons until there is the device.

    python -m tools.press drums --style funk --bars 8 --track 1 --scene 1
    python -m tools.press analyse --track 3 --scene 1 --write tempo,warp

Tracks and scenes count from 1, as Live shows them.
"""

import argparse
import sys
import uuid
from collections.abc import Sequence

from bridge.commands.arguments import number_in, whole_in
from bridge.config_files import ConfigFolder, home_folder
from bridge.wire import Failed, Heard
from bridge.wire_types import INT32_MAX
from tools.device_stand_in import WRITABLE, DeviceStandIn, NoAnswerError, Press

ANSWER_WITHIN = 40.0
"""Seconds that an answer may take: longer than the daemon waits for a frozen Live."""

HEARD_WITHIN = 300.0
"""Seconds that hearing may take: half an hour of music deeply, on a slow machine."""

ANALYSE = ("analyse", "analyze")


def make_parser() -> argparse.ArgumentParser:
    """The parser of this command."""
    parser = argparse.ArgumentParser(prog="python -m tools.press", description="Press a button from the terminal.")
    parser.add_argument(
        "engine", metavar="ENGINE", help="such as drums or bass (musearoo engines lists them); or analyse"
    )
    parser.add_argument("--style", default="", help="such as funk; the one that suits the set's tempo when left out")
    parser.add_argument("--bars", type=whole_in(1, 64), default=8, help="length in bars (8)")
    parser.add_argument("--seed", type=whole_in(0, INT32_MAX), default=-1, help="same seed, same notes")
    parser.add_argument("--complexity", type=number_in(0, 1), default=0.5, help="0 plain to 1 busy (0.5)")
    parser.add_argument("--track", type=whole_in(1, 10_000), default=0, help="its number; a track of the engine's else")
    parser.add_argument("--scene", type=whole_in(1, 10_000), default=0, help="its number; the selected one else")
    parser.add_argument("--replace", action="store_true", help="replace the clip there, not the next empty slot")
    analyse = parser.add_argument_group("analyse", "hears the clip at --track and --scene, else the one in Detail View")
    analyse.add_argument("--deep", action="store_true", help="take seconds and hear more")
    analyse.add_argument("--write", default="", metavar="WHAT", help=f"into the set, of {','.join(WRITABLE)}")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Presses once; returns 0 when the clip stands or was heard, 1 with one line on stderr when not."""
    parser = make_parser()
    options = parser.parse_args(argv)
    unknown = set(filter(None, (word.strip() for word in options.write.split(",")))) - set(WRITABLE)
    if unknown:
        parser.error(f"--write takes {','.join(WRITABLE)}, not {','.join(sorted(unknown))}")
    endpoint = ConfigFolder(home_folder()).read_endpoint()
    if endpoint is None:
        return _failed("The daemon is not running: start it with musearoo run.")
    # Outside Live nothing tells which Live or set this is: the daemon takes the only one there is.
    with DeviceStandIn(f"terminal-{uuid.uuid4().hex}", daemon_port=endpoint.device_port, live_version="") as device:
        try:
            device.greet()
            if options.engine in ANALYSE:
                answer = device.wait_for(_press_analyse(device, options), HEARD_WITHIN)
            else:
                answer = device.wait_for(_press_generate(device, options), ANSWER_WITHIN)
        except NoAnswerError as error:
            return _failed(f"The daemon does not answer ({error}): is it running?")
    if isinstance(answer, Failed):
        return _failed(answer.sentence)
    if isinstance(answer, Heard):
        print(f"{answer.sentence} ({answer.milliseconds:.0f} ms{', written into the set' if answer.written else ''})")
        return 0
    where = f"track {answer.track + 1}, scene {answer.scene + 1}"
    print(f"{answer.name} on {where}: {answer.notes} notes in {answer.milliseconds:.0f} ms")
    return 0


def _press_generate(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    return device.press(
        options.engine,
        style=options.style,
        bars=options.bars,
        seed=options.seed,
        complexity=options.complexity,
        track=options.track - 1,
        scene=options.scene - 1,
        replace=options.replace,
    )


def _press_analyse(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    wanted = [word.strip() for word in options.write.split(",") if word.strip()]
    return device.analyze(track=options.track - 1, scene=options.scene - 1, deep=options.deep, write=wanted)


def _failed(sentence: str) -> int:
    print(f"press: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
