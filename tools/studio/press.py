"""Press a button from the terminal, in the Live that the daemon serves, without Max for Live.

    python -m musearoo.tools.studio.press drums --style funk --bars 8 --track 1 --scene 1
    python -m musearoo.tools.studio.press band --style soul
    python -m musearoo.tools.studio.press refine --change "busier, darker" --only 5-8 --track 1 --scene 1
    python -m musearoo.tools.studio.press song --style house --seconds 180 --timeline
    python -m musearoo.tools.studio.press mix
    python -m musearoo.tools.studio.press analyse --track 3 --scene 1 --write tempo,warp
    python -m musearoo.tools.studio.press split --track 3 --scene 1 --mute
    python -m musearoo.tools.studio.press imagine --prompt "warm dub bass" --bars 4 --takes 2
    python -m musearoo.tools.studio.press undo

Tracks and scenes count from 1, as Live shows them.
"""

import argparse
import re
import sys
import uuid
from collections.abc import Callable, Sequence
from typing import Final

from musearoo.bridge.commands.shared.arguments import number_in, whole_in
from musearoo.bridge.protocol import AUDIO_BACKENDS, Answer, Failed, Heard
from musearoo.bridge.protocol.types import INT32_MAX
from musearoo.bridge.requests.imagine import CONTINUE, FOLLOW_TUNE, NO_CLIP
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.tools.studio.device_presses import WRITABLE, Press
from musearoo.tools.studio.device_stand_in import DeviceStandIn, NoAnswerError

ANSWER_WITHIN = 40.0
"""The timeout of an answer in seconds: longer than the daemon waits for a frozen Live."""

HEARD_WITHIN = 300.0
"""The timeout of analysis in seconds: half an hour of music with the deep pass, on a slow machine."""

SPLIT_WITHIN = 7200.0
"""The timeout of splitting in seconds: half an hour of music on a slow machine."""

IMAGINED_WITHIN = 7200.0
"""The timeout of audio generation in seconds: eight long takes by a large model on a slow machine."""


BACKENDS: Final = {"split": ("demucs", "dsp"), "imagine": AUDIO_BACKENDS}
"""The backends of a button."""


def make_parser() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.studio.press", description="Press a button from the terminal."
    )
    parser.add_argument(
        "engine",
        metavar="BUTTON",
        help="an engine (musearoo engines lists them), band, refine, song, mix, analyse, split, imagine or undo",
    )
    parser.add_argument("--style", default="", help="such as funk; the one that suits the set's tempo when left out")
    parser.add_argument("--bars", type=whole_in(1, 64), default=8, help="length in bars (8)")
    parser.add_argument("--seed", type=whole_in(0, INT32_MAX), default=-1, help="same seed, same notes")
    parser.add_argument("--complexity", type=number_in(0, 1), default=0.5, help="0 plain to 1 busy (0.5)")
    parser.add_argument("--track", type=whole_in(1, 10_000), default=0, help="its number; a track of the engine's else")
    parser.add_argument("--scene", type=whole_in(1, 10_000), default=0, help="its number; the selected one else")
    parser.add_argument("--replace", action="store_true", help="replace the clip there, not the next empty slot")
    parser.add_argument("--key", default="", help="such as Am; what the set has else")
    parser.add_argument("--options", default="", help="what only this engine knows, such as voicing=drop2")
    refine = parser.add_argument_group("refine", "changes the clip at --track and --scene, else the one in Detail View")
    refine.add_argument("--change", default="", help='such as "again", "darker, more swing", "groove of track 2 70%%"')
    refine.add_argument("--only", default="0-0", metavar="A-B", help="only these bars, such as 5-8")
    refine.add_argument("--vary", type=whole_in(0, 64), default=0, metavar="N", help="vary it over N bars")
    refine.add_argument("--take", type=whole_in(0, 9999), default=0, help="which clip of the track, from the top")
    song = parser.add_argument_group("song")
    song.add_argument("--form", default="", help="one of the style's forms")
    song.add_argument("--seconds", type=number_in(15, 600), default=120.0, help="how long (120)")
    song.add_argument("--timeline", action="store_true", help="into the Arrangement, not as scenes")
    mix = parser.add_argument_group("mix")
    mix.add_argument("--pinned", default="", metavar="TRACKS", help="names of tracks that stay as they are")
    mix.add_argument("--look", action="store_true", help="only say what would be done")
    backends = "; ".join(f"{button}: {', '.join(names)}" for button, names in BACKENDS.items())
    parser.add_argument("--backend", default="", help=f"{backends}; the best that is there else")
    analyse = parser.add_argument_group("analyse", "hears the clip at --track and --scene, else the one in Detail View")
    analyse.add_argument("--deep", action="store_true", help="take seconds and hear more")
    analyse.add_argument("--write", default="", metavar="WHAT", help=f"into the set, of {','.join(WRITABLE)}")
    split = parser.add_argument_group(
        "split", "takes apart the clip at --track and --scene, else the one in Detail View"
    )
    split.add_argument("--stems", type=int, default=4, choices=(4, 6), help="6 has guitar and piano (4)")
    split.add_argument("--mute", action="store_true", help="mute the clip that was split")
    imagine = parser.add_argument_group("imagine", "makes audio loops of a prompt")
    imagine.add_argument("--prompt", default="", help="what it is to sound like; what suits the set else")
    imagine.add_argument("--takes", type=whole_in(1, 8), default=1, help="how many (1)")
    imagine.add_argument("--model", default="", help="such as musicgen-medium; the one in the settings else")
    imagine.add_argument("--alone", action="store_true", help="tell the model tempo and key of the set alone")
    sources = imagine.add_mutually_exclusive_group()
    sources.add_argument("--tune-of", metavar="T/S", default="", help="follow the clip on track T, scene S")
    sources.add_argument("--continue", dest="go_on", metavar="T/S", default="", help="continue the clip there")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Press once; return 0 on success, or 1 with one line on stderr."""
    parser = make_parser()
    options = parser.parse_args(argv)
    unknown = set(filter(None, (word.strip() for word in options.write.split(",")))) - set(WRITABLE)
    if options.backend not in ("", *BACKENDS.get(options.engine, ())):
        bounds = ", ".join(BACKENDS.get(options.engine, ())) or "left out"
        parser.error(f"--backend of {options.engine} must be {bounds}, not {options.backend!r}")
    if re.fullmatch(r"\d{1,4}(-\d{1,4})?", options.only) is None:
        parser.error(f"--only takes a bar or two with a dash between, such as 5-8, not {options.only!r}")
    for place in (options.tune_of, options.go_on):
        if place and re.fullmatch(r"[1-9]\d{0,3}/[1-9]\d{0,3}", place) is None:
            parser.error(f"a clip is named by its track and scene, such as 3/1, not {place!r}")
    if unknown:
        parser.error(f"--write takes {','.join(WRITABLE)}, not {','.join(sorted(unknown))}")
    home = home_folder()
    if ConfigFolder(home).read_endpoint() is None:
        return _failed("The daemon is not running: start it with musearoo run.")
    # Outside Live the Live and set are unknown: the daemon uses the only one there is.
    instance = f"terminal-{uuid.uuid4().hex}"
    with DeviceStandIn(instance, home=home, live_version="") as device:
        try:
            device.greet()
            button = BUTTONS.get(options.engine, _press_generate)
            press = button(device, options)
            answer = device.wait_for(press, PATIENCE.get(button, ANSWER_WITHIN))
        except NoAnswerError as error:
            return _failed(f"The daemon does not answer ({error}): is it running?")
    if isinstance(answer, Failed):
        return _failed(answer.sentence)
    if isinstance(answer, Answer):
        print(answer.sentence)
        return 0
    if isinstance(answer, Heard):
        print(f"{answer.sentence} ({answer.milliseconds:.0f} ms{', written into the set' if answer.written else ''})")
        return 0
    for told in press.told:
        print(told.sentence, file=sys.stderr)
    where = f" on track {answer.track + 1}, scene {answer.scene + 1}" if answer.track >= 0 else ""
    notes = f"{answer.notes} notes in " if answer.notes else ""
    print(f"{answer.name}{where}: {notes}{answer.milliseconds:.0f} ms")
    return 0


def _press_generate(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    return device.press(
        options.engine,
        style=options.style,
        bars=options.bars,
        seed=options.seed,
        complexity=options.complexity,
        key=options.key,
        options=options.options,
        track=options.track - 1,
        scene=options.scene - 1,
        replace=options.replace,
    )


def _press_analyse(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    wanted = [word.strip() for word in options.write.split(",") if word.strip()]
    return device.analyze(track=options.track - 1, scene=options.scene - 1, deep=options.deep, write=wanted)


def _press_refine(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    first, _, last = options.only.partition("-")
    return device.refine(
        options.change,
        style=options.style,
        bars=(int(first), int(last or first)),
        vary_bars=options.vary,
        take=options.take,
        seed=options.seed,
        track=options.track - 1,
        scene=options.scene - 1,
        replace=options.replace,
    )


def _press_song(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    return device.song(
        style=options.style,
        form=options.form,
        seconds=options.seconds,
        seed=options.seed,
        complexity=options.complexity,
        key=options.key,
        on_timeline=options.timeline,
    )


def _press_mix(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    return device.mix(style=options.style, pinned=options.pinned, write=not options.look)


def _press_split(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    return device.split(
        track=options.track - 1,
        scene=options.scene - 1,
        backend=options.backend,
        stems=options.stems,
        mute=options.mute,
    )


def _press_imagine(device: DeviceStandIn, options: argparse.Namespace) -> Press:
    place = options.tune_of or options.go_on
    track, _, scene = place.partition("/")
    return device.imagine(
        options.prompt,
        bars=min(options.bars, 32),
        takes=options.takes,
        seed=options.seed,
        backend=options.backend,
        model=options.model,
        key=options.key,
        style=options.style,
        follow=not options.alone,
        use=FOLLOW_TUNE if options.tune_of else CONTINUE if options.go_on else NO_CLIP,
        source=(int(track) - 1, int(scene) - 1) if place else (-1, -1),
        track=options.track - 1,
        scene=options.scene - 1,
        replace=options.replace,
    )


def _press_undo(device: DeviceStandIn, _options: argparse.Namespace) -> Press:
    return device.undo()


Button = Callable[[DeviceStandIn, argparse.Namespace], Press]

BUTTONS: Final[dict[str, Button]] = {
    "analyse": _press_analyse,
    "analyze": _press_analyse,
    "refine": _press_refine,
    "song": _press_song,
    "mix": _press_mix,
    "split": _press_split,
    "imagine": _press_imagine,
    "undo": _press_undo,
}
"""The buttons that are not an engine."""

PATIENCE: Final[dict[Button, float]] = {
    _press_analyse: HEARD_WITHIN,
    _press_split: SPLIT_WITHIN,
    _press_imagine: IMAGINED_WITHIN,
}
"""The timeouts of the slow buttons."""


def _failed(sentence: str) -> int:
    print(f"press: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
