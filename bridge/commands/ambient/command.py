"""`musearoo ambient`: endless music through the sound card, into a file, another program, Live or the page."""

from __future__ import annotations

import argparse
import contextlib
import json
import queue
import shlex
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from rich.live import Live as LiveDisplay
from rich.progress import Progress

from musearoo.bridge.ambient.messages import (
    FadeOut,
    FromPlayer,
    NeuralModel,
    Over,
    PlayerOptions,
    Playing,
    Steer,
    Trouble,
)
from musearoo.bridge.ambient.player import Player
from musearoo.bridge.commands.ambient.elsewhere import open_stream, put_clip
from musearoo.bridge.commands.ambient.keys import reading_keys
from musearoo.bridge.commands.ambient.screen import draw, turn
from musearoo.bridge.commands.shared.arguments import add_json, number_in, whole_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.imagining.request import MOST_TAKES
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.home_files import make_private_folder
from musearoo.engines.ambient.phrase import LAYERS, AmbientLayer
from musearoo.engines.ambient.preset import find_preset
from musearoo.engines.ambient.steering import AMOUNTS, MOODS, Steering
from musearoo.engines.errors import EngineError, ParamError, unknown_name
from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.scale import Key

CARD, PROGRAM, CLIP, STREAM = "card", "program", "clip", "stream"
USUAL_SECONDS: Final = 60.0
"""Length of a file unless it is said."""
MOST_HOURS: Final = 48
SHOWN_EVERY: Final = 0.1
LOG: Final = "ambience.log"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--preset", default="drift", help="such as glass; --list tells all (drift)")
    parser.add_argument("--key", metavar="KEY", help='such as "D minor" (that of the preset)')
    parser.add_argument("--mood", choices=tuple(MOODS), default="", metavar="MOOD", help=f"one of {', '.join(MOODS)}")
    parser.add_argument("--plan", default="", metavar="PLAN", help='over its whole time, such as "bright to dark"')
    parser.add_argument("--bpm", metavar="X", type=number_in(20, 300), help="tempo (that of the preset, or free)")
    for name in AMOUNTS:
        parser.add_argument(f"--{name}", metavar="0..1", type=number_in(0, 1), help="(that of the preset)")
    parser.add_argument(
        "--out",
        default=CARD,
        metavar="OUT",
        help="card, program, clip (in Live), stream (to the page), or a file: .wav, .flac, .mp3, .opus (card)",
    )
    parser.add_argument(
        "--program", default="", metavar="COMMAND", help="takes raw samples on its stdin, for --out program"
    )
    parser.add_argument("--card", default="", metavar="NAME", help="a part of the sound card's name (the system's own)")
    parser.add_argument("--grains", default="", metavar="FILE", help="a sound that the grains are taken from")
    parser.add_argument(
        "--model", default="", metavar="NAME", help="a MusicGen model that plays, such as musicgen-small"
    )
    parser.add_argument(
        "--effect", action="append", default=[], metavar="PATH", help="a VST3 or an Audio Unit over it all; several"
    )
    parser.add_argument(
        "--instrument", action="append", default=[], metavar="LAYER=PATH", help="a VST3 that plays a layer, such as pad"
    )
    parser.add_argument("--bars", metavar="N", type=whole_in(1, 32), help="of each clip (clip: 8)")
    parser.add_argument("--takes", metavar="N", type=whole_in(1, MOST_TAKES), help="clips, each in a slot (clip: 1)")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--hours", metavar="H", type=number_in(0.001, MOST_HOURS), help="how long (card: endless)")
    length.add_argument("--seconds", metavar="N", type=number_in(1, 3600 * MOST_HOURS), help="how long (file: 60)")
    parser.add_argument("--seed", metavar="N", type=whole_in(0, 2**31 - 1), help="same seed, same music")
    parser.add_argument("--list", action="store_true", help="the presets that there are")
    add_json(parser)
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    """Play or write endless music, or list the presets."""
    presets = read_ambient_presets()
    if options.list:
        if options.json:
            print(json.dumps([{"name": each.name, "about": each.about, "key": each.key} for each in presets.values()]))
        else:
            for each in presets.values():
                print(f"{each.name:<10}  {each.key:<14}  {each.about}")
        return 0
    seconds = options.seconds if options.hours is None else 3600.0 * options.hours
    is_file = options.out not in (CARD, PROGRAM, CLIP, STREAM)
    if (options.out == PROGRAM) != bool(options.program):
        options.parser.error("argument --program: goes together with --out program")
    if is_file and seconds is None:
        seconds = USUAL_SECONDS
    steering = Steering(
        preset=find_preset(options.preset, presets).name,
        key=None if options.key is None else Key.parse(options.key),
        mood=options.mood,
        bpm=options.bpm,
        plan=options.plan,
        plan_seconds=seconds or 3600.0,
        **{name: getattr(options, name) for name in AMOUNTS},
    )
    seed = options.seed if options.seed is not None else derive_seed(time.time_ns(), "ambient") % 2**31
    if options.out == CLIP:
        return put_clip(options, steering, seed)
    if options.out == STREAM:
        return open_stream(options, steering)
    for name in ("bars", "takes"):
        if value := getattr(options, name):
            raise ParamError(f"--{name}", "left out unless --out is clip", value)
    home = home_folder()
    player = PlayerOptions(
        seed=seed,
        steering=steering,
        log=str(home / LOG),
        card=options.card if options.out == CARD else None,
        program=tuple(shlex.split(options.program)),
        source=options.grains,
        effects=tuple(options.effect),
        instruments=tuple(_read_instrument(each) for each in options.instrument),
        model=_find_model(options.model, home) if options.model else None,
    )
    if is_file:
        return _write(options, player, Path(options.out), float(seconds or USUAL_SECONDS))
    make_private_folder(home)
    return _play(options, player, seconds)


def _find_model(name: str, home: Path) -> NeuralModel:
    """Return an installed MusicGen model, and tell its licence. Raises ParamError and EngineError, as Imagine does."""
    from musearoo.bridge.imagining.choice import choose_generator
    from musearoo.bridge.imagining.request import ImagineRequest
    from musearoo.bridge.models.store import FOLDER, ModelStore

    request = ImagineRequest(text="ambient", folder="", seconds=10.0, backend="musicgen", model=name)
    choice = choose_generator(request, ModelStore(home / FOLDER))
    console = Terminal(stderr=True)
    console.print(f"Played by {escape(choice.model)}; licence: {escape(choice.licence)}.", highlight=False)
    return NeuralModel(choice.model, choice.version, tuple((each, str(at)) for each, at in choice.weights.items()))


def _read_instrument(text: str) -> tuple[AmbientLayer, str]:
    """Return the layer and the path of LAYER=PATH. Raises ParamError for a layer that there is not."""
    layer, separator, path = text.partition("=")
    if not separator or not path:
        raise ParamError("instrument", "a layer and a path, such as pad=/plugins/Synth.vst3", text)
    for known in LAYERS:
        if known == layer:
            return known, path
    raise unknown_name("layer", layer, LAYERS)


def _write(options: argparse.Namespace, player: PlayerOptions, path: Path, seconds: float) -> int:
    """Write a file faster than it would play; Ctrl-C ends it with a fade."""
    from musearoo.bridge.ambient.process import open_ambience, open_plugs
    from musearoo.bridge.ambient.recording import Recording
    from musearoo.engines.audio.endless.ambience import FADE
    from musearoo.engines.audio.endless.synth import RATE

    started = time.perf_counter()
    console = Terminal(stderr=True)
    plugs = open_plugs(player, lambda sentence: console.print(escape(sentence)))
    ambience = open_ambience(player, plugs)
    with (
        contextlib.closing(ambience),
        contextlib.closing(plugs) if plugs is not None else contextlib.nullcontext(),
        Recording(path) as recording,
        Progress(console=console, transient=True, disable=options.json or not console.is_interactive) as progress,
    ):
        task = progress.add_task(escape(path.name), total=seconds)
        try:
            while not ambience.is_over:
                if recording.seconds >= seconds - FADE:
                    ambience.fade_out()
                recording.write(ambience.render())
                progress.update(task, completed=recording.seconds)
        except KeyboardInterrupt:
            ambience.fade_out()
            while not ambience.is_over:
                recording.write(ambience.render())
    taken = time.perf_counter() - started
    made = {
        "out": str(path),
        "seconds": round(recording.seconds, 3),
        "rate": RATE,
        "preset": player.steering.preset,
        "seed": player.seed,
        "ms": round(1000.0 * taken),
    }
    if options.json:
        print(json.dumps(made))
    else:
        speed = recording.seconds / taken
        Terminal().print(
            f"{escape(str(path))}: {recording.seconds:.0f} s of {player.steering.preset}, seed {player.seed}, "
            f"in {taken:.1f} s ({speed:.0f} times as fast as it plays)",
            highlight=False,
        )
    return 0


def _play(options: argparse.Namespace, player_options: PlayerOptions, seconds: float | None) -> int:
    """Play through the sound card until it is over; Ctrl-C and q fade it out."""
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    try:
        player = Player(player_options, told.put)
    except OSError as error:
        raise CommandError(f"No process can be started for the music: {error.strerror or error}.") from error
    shown = _Shown(options, player_options.steering)
    with ExitStack() as stack:
        stack.callback(player.close)
        keys = stack.enter_context(reading_keys()) if shown.is_seen and sys.stdin.isatty() else None
        display = stack.enter_context(shown.open()) if shown.is_seen else None
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            try:
                if keys is None:
                    time.sleep(SHOWN_EVERY)
                else:
                    key = keys(SHOWN_EVERY)
                    if key == "q":
                        raise KeyboardInterrupt
                    steering = turn(shown.steering, key, shown.presets)
                    if steering != shown.steering:
                        shown.steering = steering
                        player.steer(Steer(steering))
                if until is not None and time.monotonic() >= until:
                    until = None
                    player.steer(FadeOut())
            except KeyboardInterrupt:
                if shown.is_ending:
                    break
                shown.is_ending = True
                player.steer(FadeOut())
            if shown.read(told):
                break
            if display is not None:
                display.update(shown.draw(), refresh=True)
    if shown.fault:
        raise EngineError(shown.fault)
    if options.json:
        print(json.dumps(shown.report(player_options.seed)))
    return 0


class _Shown:
    """What was told of the music."""

    def __init__(self, options: argparse.Namespace, steering: Steering) -> None:
        self.steering = steering
        self.presets = list(read_ambient_presets().values())
        self.is_ending = False
        self.fault = ""
        self._console = Terminal(stderr=True)
        self._is_curt = options.json
        self._playing: Playing | None = None
        self._news = ""

    @property
    def is_seen(self) -> bool:
        """Whether there is a terminal to show it on."""
        return self._console.is_terminal and not self._is_curt

    def open(self) -> LiveDisplay:
        """Return the display."""
        return LiveDisplay(self.draw(), console=self._console, auto_refresh=False)

    def draw(self) -> Any:
        """Return the screen."""
        return draw(self._playing, self.steering, self.presets, self._news)

    def read(self, told: queue.SimpleQueue[FromPlayer]) -> bool:
        """Take what was told; returns whether the music is over."""
        while True:
            try:
                message = told.get_nowait()
            except queue.Empty:
                return False
            match message:
                case Playing():
                    self._playing = message
                case Trouble(sentence):
                    self._news = sentence
                    # Nothing was heard yet, and nobody watches: better an error than a silent wait.
                    if not self.is_seen and (self._playing is None or self._playing.at <= 0):
                        self.fault = sentence
                        return True
                    if not self.is_seen:
                        self._console.print(escape(sentence), highlight=False)
                case Over():
                    # It never began: why stands in the news.
                    self.fault = self._news if self._playing is None else ""
                    return True

    def report(self, seed: int) -> dict[str, Any]:
        """Return what was played, for --json."""
        playing = self._playing
        return {
            "out": CARD,
            "seconds": 0.0 if playing is None else round(playing.at / 48_000, 3),
            "preset": self.steering.preset,
            "seed": seed,
            "underruns": 0 if playing is None else playing.underruns,
        }
