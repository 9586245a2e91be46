"""`musearoo midi capture`: record what you play, and save the last bars of it as a MIDI file."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

from rich.live import Live as LiveDisplay
from rich.text import Text

from musearoo.bridge.commands.midi.choice import choose_ports, follow_clocks
from musearoo.bridge.commands.midi.jamming import CLICK, make_click
from musearoo.bridge.commands.midi.session import MidiSession, Voice, open_session
from musearoo.bridge.commands.midi.words import is_note_on
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import write_file
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.midi.parts.bars import beat_at
from musearoo.bridge.protocol.midi_process import ClockSource, ClockState, Fault, Incoming, Play
from musearoo.bridge.settings.config_files import home_folder
from musearoo.engines.improvisation.capture.bars import CapturedBars, CaptureRequest, capture_bars, capture_phrase
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.score import KIND_OF_STATUS, SPECS, Controller, ControllerKind
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.music.spelling import spell_chords


class Recorder:
    """Record the playing and the clock; `has_click` while a click sounds."""

    def __init__(self, meter: Meter, has_click: bool) -> None:
        self.notes = 0
        self._player_listener = PlayerListener(meter)
        self._has_click = has_click
        self._clock: ClockState | None = None

    def hear(self, message: Incoming) -> None:
        """Record a message."""
        self._player_listener.hear(message.beat, message.time, message.data, message.port)
        self.notes += is_note_on(message.data)

    def follow(self, clock: ClockState) -> None:
        """Record the clock. Its beat counts only if it is audible to the player."""
        self._clock = clock
        is_audible = clock.source is not ClockSource.OWN or self._has_click
        self._player_listener.clock(clock.beat, clock.time, clock.bpm, clock.is_running and is_audible)

    @property
    def line(self) -> str:
        """Return the status line."""
        held = self._player_listener.held_chord()
        return f"{self.notes} notes   {held.chord.symbol if held else ''}"

    def keep(self, bars: int, now: float, ask: CaptureRequest) -> CapturedBars:
        """Return the last bars until now, 0 for the last phrase. Raises NothingPlayed."""
        beat = 0.0 if self._clock is None else beat_at(self._clock, now)
        recording = self._player_listener.recording(beat, now)
        return capture_bars(recording, bars, ask) if bars else capture_phrase(recording, ask)


def run(options: argparse.Namespace) -> int:
    """Record until Ctrl-C, or for some seconds, and write the file."""
    meter = Meter.parse(options.time_signature)
    choose = choose_ports(options.port)
    if not options.bpm:
        choose = replace(choose, outputs=())
    voice = Voice(Terminal(stderr=True), options.json)
    recorder = Recorder(meter, has_click=bool(options.bpm))
    with open_session("capture", choose, follow_clocks(options.bpm)) as session:
        try:
            session.wait_for_ports(voice)
            if options.bpm:
                session.send(Play(CLICK, make_click(meter), 0.0))
            voice.say(
                f"Recording. {'It' if options.seconds else 'Ctrl-C'} keeps the last bars in {_find_free(options.out)}."
            )
            _record(session, recorder, options.seconds, voice)
        except KeyboardInterrupt:
            # The usual way to stop.
            pass
        asked = CaptureRequest(strength=0.0 if options.raw else 1.0, pedal="kept" if options.pedal else "applied")
        captured = recorder.keep(options.bars, time.perf_counter(), asked)
    _write(captured, options)
    return 0


def _record(session: MidiSession, recorder: Recorder, seconds: float | None, voice: Voice) -> None:
    with ExitStack() as stack:
        display = None
        if voice.is_seen:
            display = stack.enter_context(LiveDisplay(console=voice.console, refresh_per_second=10, transient=True))
        for report in session.reports(seconds):
            match report:
                case Incoming():
                    recorder.hear(report)
                case ClockState():
                    recorder.follow(report)
                case Fault(sentence):
                    voice.warn(sentence)
            if display is not None:
                display.update(Text(recorder.line, style="dim"))


def _write(captured: CapturedBars, options: argparse.Namespace) -> None:
    clip = captured.raw if options.raw else captured.clip
    key = captured.context.key.value
    name = "drums" if captured.role == "drums" else "played"
    data = encode_midi_file(
        {name: clip},
        bpm=captured.bpm,
        meter=clip.meter,
        keys=((0.0, key),) if key else (),
        controllers={name: [_controller(beat, data) for beat, data in captured.controls]},
    )
    out = _keep_file(options.out, data)
    chords = spell_chords([span.chord for span in captured.context.chords], key)
    report = {
        "out": str(out),
        "bars": round(clip.bars, 3),
        "bpm": round(captured.bpm, 2),
        "own_tempo": captured.is_free,
        "key": str(key) if key else None,
        "chords": list(chords),
        "role": captured.role,
        "notes": [[note.start, note.pitch, note.duration, note.velocity] for note in clip.notes],
    }
    if options.json:
        print(json.dumps(report))
        return
    console = Terminal()
    names = DRUM_NAMES if captured.role == "drums" else None
    drawn = draw_piano_roll(clip, names=names, key=key)
    console.print(drawn, highlight=False, markup=False, no_wrap=True, overflow="crop")
    tempo = f"{captured.bpm:.1f} BPM{', your own' if captured.is_free else ''}"
    shown = (f"{report['bars']:g} bars", tempo, str(key) if key else "", " ".join(chords), str(out))
    line = " · ".join(each for each in shown if each)
    console.print(line, style="dim", highlight=False, markup=False, soft_wrap=True)


def _keep_file(path: Path, data: bytes) -> Path:
    """Write the recording and return its path; no earlier take is overwritten.

    If it cannot be written there, it is saved in MuseAroo's folder, and CommandError says so.
    """
    try:
        return write_file(_find_free(path), data, make_folder=True)
    except CommandError as error:
        spare = _find_free(home_folder() / path.name)
        write_file(spare, data, make_folder=True)
        raise CommandError(f"{error} What you played is in {spare}.") from error


def _find_free(path: Path) -> Path:
    """Return the path, or if it exists, the first free one of "played 2.mid", "played 3.mid" and so on."""
    numbered = (path.with_name(f"{path.stem} {number}{path.suffix}") for number in count(2))
    return path if not path.exists() else next(each for each in numbered if not each.exists())


def _controller(beat: float, data: bytes) -> Controller:
    """Return a channel message other than a note, in a file's form.

    >>> _controller(1.0, bytes((0xB0, 64, 127)))
    Controller(beat=1.0, kind=<ControllerKind.CONTROL: 'control'>, value=127, number=64)
    """
    kind = KIND_OF_STATUS[data[0] & 0xF0]
    if kind is ControllerKind.PITCH_BEND:
        return Controller(beat, kind, (data[2] << 7) + data[1] - 8192)
    return Controller(beat, kind, data[-1], data[1] if SPECS[kind].numbered else 0)
