"""`musearoo midi jam`: trade bars with the band, over a MIDI process of its own."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import ExitStack

from rich.live import Live as LiveDisplay
from rich.text import Text

from musearoo.bridge.commands.midi.choice import USUAL_BPM, choose_ports, follow_clocks
from musearoo.bridge.commands.midi.jamming import Band, Composer, Jamming, JamOptions, Played
from musearoo.bridge.commands.midi.session import MidiSession, Voice, open_session
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.protocol.midi_process import ClockState, Fault, Incoming
from musearoo.bridge.requests.generate import choose_style, seed_of
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.improvisation.jam.responding import ResponseRequest
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.band.catalogue import find_engine


def run(options: argparse.Namespace) -> int:
    """Jam until Ctrl-C or for some seconds, then summarise it."""
    band, bpm = _gather(options)
    seed = seed_of(-1 if options.seed is None else options.seed, str(time.time_ns()))
    choose = choose_ports(options.port, options.output)
    voice = Voice(Terminal(stderr=True), options.json)
    with open_session("jam", choose, follow_clocks(bpm)) as session:
        how = JamOptions(options.bars, options.who, not options.no_click, seed)
        jamming = Jamming(band, how, Composer(band), session.send, voice.say)
        try:
            session.wait_for_ports(voice)
            jamming.warm_up()
            _jam(session, jamming, options.seconds, voice)
        except KeyboardInterrupt:
            # The usual way to stop.
            pass
        jamming.end(time.perf_counter())
    _tell(jamming.played, seed, options, voice)
    return 0


def _gather(options: argparse.Namespace) -> tuple[Band, float]:
    """Return the band, and its tempo without a clock; unknown names are reported before the jam starts."""
    engines = tuple(read_engines())
    if options.who:
        find_engine(options.who, engines)
    meter = Meter.parse(options.time_signature)
    context = MusicalContext.plain(bpm=options.bpm or USUAL_BPM, meter=meter)
    style = choose_style(read_styles(home_folder() / "styles"), options.style, context)
    usual = style.tempo.usual if options.style else USUAL_BPM
    return Band(engines, ResponseRequest(style), meter), options.bpm or usual


def _jam(session: MidiSession, jamming: Jamming, seconds: float | None, voice: Voice) -> None:
    with ExitStack() as stack:
        display = None
        if voice.is_seen:
            display = stack.enter_context(LiveDisplay(console=voice.console, refresh_per_second=10, transient=True))
        for report in session.reports(seconds):
            match report:
                case Incoming():
                    jamming.hear(report)
                case ClockState():
                    jamming.follow(report)
                case Fault(sentence):
                    voice.warn(sentence)
            now = time.perf_counter()
            jamming.tick(now)
            if display is not None:
                left = jamming.beats_left(now)
                beats = "" if left is None else f"{left:4.1f} beats left   "
                display.update(Text(f"{beats}{jamming.chord}", style="dim"))


def _tell(played: Played, seed: int, options: argparse.Namespace, voice: Voice) -> None:
    if options.json:
        report = {
            "turns": played.turns,
            "notes_heard": played.notes,
            "seed": seed,
            "answers": played.answers,
            "failed": played.failed,
        }
        print(json.dumps(report))
        return
    voice.say(f"{played.turns} turns, {len(played.answers)} answers. Seed {seed}.")
