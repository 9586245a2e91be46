"""The demo: a simulated Live with our script, the real daemon, and the device in a simulated Max, on any machine.

A loop of drums and keys is rendered to a WAV file and put on an audio track, in a set with another tempo and no key.
MuseAroo analyzes it, and sets the set's tempo, meter and scale and the clip's warp markers. Then the band plays to it:
in its key, over its chords, in its groove. The last part is requested again, busier. The loop is split into stems on
separate tracks, and a prompt becomes an audio loop: as a sketch, which needs no model. Talk is held while a recorded
sentence replaces the microphone, and the command is executed. In the end everything is undone, and redone. Each of
these is one press on the device.
"""

import json
import shutil
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from musearoo import how_to_install
from musearoo.bridge.audio.rendering import SongPart, render_song, write_rendering
from musearoo.bridge.cache.catalogue import ANALYSES
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.bridge.commands.reports.analysis_page import print_analysis
from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.bridge.protocol import Done, Heard
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.audio.synthesis.stem import USUAL_PROGRAMS
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.analysis_json import load_analysis
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.tools.demo.hand import Hand, Pressed
from musearoo.tools.max_simulator.drawing.face import draw_face
from musearoo.tools.studio.processes import StudioError, write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from musearoo.tools.studio.with_max import MaxStudio

BPM = 92.0
SET_BPM = 120.0
STYLE = "hip-hop"
CHORDS = "Dm7 Gm7 A7 Dm7"
"""One bar each on the loop's keys."""

BARS = 4
SEED = 7
LOOP_TRACK = 0
CHANGE = "busier"
"""The button that requests the last part again."""

WRITE_INTO_SET = "Set"
"""The choice that makes Analyse write tempo, meter, scale, warp markers and a name into the set."""

PROMPT = "dusty electric piano and a deep bass, no drums"

SENTENCE = Path(__file__).with_name("sentence.flac")
"""“Play a funk bass, four bars in D minor”, by a speech synthesiser."""

AFTER_SENTENCE = 0.1
"""Seconds until Talk is released."""

SPLIT_WITHIN = 300.0
"""Seconds in which a slow machine starts the worker and separates ten seconds of sound, with Demucs if installed."""

PLAYED_WITHIN = 10.0
"""Seconds in which the band plays on a slow machine."""

HEARD_WITHIN = 30.0
"""Seconds in which a slow machine imports NumPy and analyzes ten seconds of sound."""


def run_demo(out: Path) -> None:
    """Run the demo and write its WAV and MIDI files into `out`. Raises StudioError when a step fails."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    console.print(Panel.fit("[bold]MuseAroo[/]: a loop in Live, and a band that fits it", border_style="cyan"))
    loop = write_wave(out.resolve() / "loop.wav", render_parts(_play_loop(), BPM, loop=True))
    console.print(f"[green]✓[/] {loop.name}: {BARS} bars of {STYLE} at {BPM:g} BPM over {CHORDS}, rendered")
    with tempfile.TemporaryDirectory() as folder:
        set_file = write_set(Path(folder) / "set.json", _describe_set())
        settings = f"audio_folders: [{json.dumps(str(loop.parent))}]\nwarm_up: true\n"
        talks = find_spec("pocketsphinx") is not None
        if talks:
            settings += f"microphone: {json.dumps(f'file:{SENTENCE}')}\n"
        started = time.perf_counter()
        with MaxStudio(set_file=set_file, settings=settings) as studio:
            device = studio.put(into=f"song.tracks[{LOOP_TRACK}]")
            studio.wait_until_ready(device)
            hand = Hand(studio, device)
            took = time.perf_counter() - started
            console.print(
                f"[green]✓[/] simulated Live {studio.studio.profile}, its script, the {device.shown('daemon')}, and "
                f"MuseAroo.amxd in a simulated Max: {took:.1f} s"
            )
            before = _drop_loop(studio, loop)
            console.print(f"[green]✓[/] a set at {SET_BPM:g} BPM without a key; the loop on its audio track\n")
            _show_hearing(console, hand)
            clips = _play_band(console, hand)
            _show_fit(console, clips)
            _refine(console, hand, clips)
            _split(console, hand, loop, out)
            _imagine(console, hand, out)
            if talks:
                _talk(console, hand, clips)
            else:
                console.print(f"[dim]Nobody hears Talk without {how_to_install('voice')}: it is left out[/]\n")
            _show_undo(console, hand, before, steps=5 + talks)
            _show_face(console, hand, out)
    _write_files(console, out, clips)
    console.print(f"[green]✓[/] {out / loop.name}")


def _play_band(console: Console, hand: Hand) -> dict[str, Clip]:
    """Press Band, and show each clip that was created in the first scene, by its part."""
    studio = hand.studio
    hand.device.set("style", STYLE)
    hand.device.set("bars", f"{BARS} bars")
    pressed, done = _press(console, hand, "band", PLAYED_WITHIN)
    clips: dict[str, Clip] = {}
    for index in range(LOOP_TRACK + 1, done.track + 1):
        engine = find_engine(studio.live.get(f"song.tracks[{index}].name"))
        clips[engine.part] = _read_back(studio, index, 0)
        _show(console, clips[engine.part], engine.part, studio.live.get("song.tempo"))
    console.print(_legs(done, pressed))
    console.print("[green]✓[/] every onset on its sample at 48 kHz")
    _show_sounds(console, studio, done)
    return clips


def _show_sounds(console: Console, studio: MaxStudio, done: Done) -> None:
    """Show what each new track sounds with; raises StudioError for a silent one."""
    sounds = []
    for index in range(LOOP_TRACK + 1, done.track + 1):
        track = f"song.tracks[{index}]"
        name = studio.live.get(f"{track}.name")
        if not studio.live.get(f"{track}.has_audio_output"):
            raise StudioError(f"{name} has no instrument: it is silent")
        sounds.append(f"{name} on {studio.live.get(f'{track}.devices[0].name')}")
    console.print(f"[green]✓[/] sound on the first press: {', '.join(sounds)}\n")


def _refine(console: Console, hand: Hand, clips: dict[str, Clip]) -> None:
    """Request the last part again, in the slot below."""
    part = list(clips)[-1]
    pressed, done = _press(console, hand, CHANGE, PLAYED_WITHIN)
    console.print(f"{part}, {CHANGE}: {done.notes} notes instead of {len(clips[part])}")
    clip = _read_back(hand.studio, done.track, done.scene)
    _show(console, clip, part, hand.studio.live.get("song.tempo"))
    clips[f"{part} {CHANGE}"] = clip
    console.print(_legs(done, pressed))
    console.print()


def _split(console: Console, hand: Hand, loop: Path, out: Path) -> None:
    """Split the loop's clip, check the stems, and copy them to `out`."""
    studio = hand.studio
    _, done = _press(console, hand, "split", SPLIT_WITHIN)
    mix, _ = soundfile.read(loop, always_2d=True)
    rest = mix.copy()
    for index in range(LOOP_TRACK + 1, done.track + 1):
        where = f"song.tracks[{index}]"
        stem = Path(studio.live.get(f"{where}.clip_slots[0].clip.file_path"))
        sound, _ = soundfile.read(stem, always_2d=True)
        if sound.shape != mix.shape:
            raise StudioError(f"{stem.name} is not exactly as long as the loop")
        rest -= sound
        level = 10.0 * np.log10(np.mean(sound**2) / np.mean(mix**2) + 1e-12)
        console.print(f"  {studio.live.get(f'{where}.name')}: {level:+.1f} dB beside the loop", highlight=False)
        shutil.copy(stem, out)
    residue = 10.0 * np.log10(np.mean(rest**2) / np.mean(mix**2) + 1e-20)
    console.print(f"[green]✓[/] together they are the loop again, but for {residue:.0f} dB\n")


def _imagine(console: Console, hand: Hand, out: Path) -> None:
    """Generate a sketch from a prompt, check that the loop is on the grid, and copy it to `out`."""
    studio = hand.studio
    hand.device.type("prompt", PROMPT)
    hand.device.set("imagine_with", "Sketch")
    _, done = _press(console, hand, "imagine", SPLIT_WITHIN)
    clip = f"song.tracks[{done.track}].clip_slots[{done.scene}].clip"
    path, length = Path(studio.live.get(f"{clip}.file_path")), studio.live.get(f"{clip}.length")
    sound = soundfile.info(path)
    frames = beats_to_seconds(length, studio.live.get("song.tempo")) * sound.samplerate
    if sound.frames != round(frames):
        raise StudioError(f"{path.name} is not exactly as long as its bars")
    console.print(f"[green]✓[/] {length / 4:g} bars of audio, exact to a sample, looping on a track of their own\n")
    shutil.copy(path, out)


def _talk(console: Console, hand: Hand, clips: dict[str, Clip]) -> None:
    """Hold Talk for the duration of the sentence, and show the resulting clip."""
    pressed = hand.talk(soundfile.info(SENTENCE).duration + AFTER_SENTENCE, PLAYED_WITHIN)
    done = pressed.answer
    if not isinstance(done, Done):
        raise StudioError(f"Talk was answered as Analyse is: {done.sentence}")
    console.print(f"the device says: [bold]{pressed.status}[/]")
    clip = _read_back(hand.studio, done.track, done.scene)
    _show(console, clip, "bass", hand.studio.live.get("song.tempo"))
    clips["bass by voice"] = clip
    console.print(f"[green]✓[/] {done.milliseconds:.0f} ms from the end of the sentence to the clip\n")


def _write_files(console: Console, out: Path, clips: dict[str, Clip]) -> None:
    """Write each clip and the band as MIDI files, and the band's sound as audio."""
    band = {part: clip for part, clip in clips.items() if " " not in part}
    for name, parts in (*((part, {part: clip}) for part, clip in clips.items()), ("band", band)):
        path = out / f"{name.replace(' ', '_')}.mid"
        path.write_bytes(encode_midi_file(parts, bpm=BPM))
        console.print(f"[green]✓[/] {path}")
    rendering = render_song([SongPart(clip.name, clip, USUAL_PROGRAMS[part]) for part, clip in band.items()], BPM)
    console.print(f"[green]✓[/] {write_rendering(rendering, out / 'band.wav')}, rendered by {rendering.renderer}")


def _play_loop() -> dict[str, Clip]:
    """Return the parts of the loop: one of our drummers, and keys."""
    drums = find_engine("drummaroo")
    context = MusicalContext.plain(bpm=BPM, chords=CHORDS)
    played = drums.generate(drums.params(style=read_styles()[STYLE], bars=BARS), context, SEED + 1)
    keys = [
        Note(span.start, pitch, span.end - span.start - 0.1, 84.0)
        for span in parse_progression(CHORDS)
        for pitch in (36 + span.chord.root, *(60 + pitch_class for pitch_class in span.chord.pitch_classes))
    ]
    return {"drums": played, "keys": Clip.of("keys", played.length, keys)}


def _describe_set() -> dict[str, object]:
    return {
        "song": {"tempo": SET_BPM},
        "scenes": [{"name": "verse"}, {}, {}, {}],
        "tracks": [{"kind": "audio", "given_name": "Loop"}],
    }


def _drop_loop(studio: MaxStudio, loop: Path) -> dict[str, object]:
    """Put the loop into its slot, as a user would, and open it; return the set after its analysis."""
    slot = f"song.tracks[{LOOP_TRACK}].clip_slots[0]"
    studio.live.call(f"{slot}.create_audio_clip", str(loop))
    studio.live.set(f"{slot}.clip.warping", False)
    studio.live.set("song.view.detail_clip", {"path": f"{slot}.clip"})
    before = studio.live.snapshot()
    studio.wait_until(lambda: "BPM" in studio.daemon.log(), "word of what the loop is", HEARD_WITHIN)
    return before


def _show_hearing(console: Console, hand: Hand) -> None:
    """Press Analyse, and show the result and the changed set."""
    studio = hand.studio
    hand.device.set("analyse_for", WRITE_INTO_SET)
    pressed = hand.press("analyse", HEARD_WITHIN)
    found = pressed.answer
    if not isinstance(found, Heard):
        raise StudioError(f"the loop was not analyzed: {found}")
    print_analysis(_kept_analysis(studio), "loop.wav", console)
    song, clip = "song", f"song.tracks[{LOOP_TRACK}].clip_slots[0].clip"
    meter = f"{studio.live.get(f'{song}.signature_numerator')}/{studio.live.get(f'{song}.signature_denominator')}"
    console.print(
        f"\n[green]✓[/] the set is at {studio.live.get(f'{song}.tempo'):.2f} BPM, {meter}, "
        f"{found.key or 'no key'}; the clip is called “{studio.live.get(f'{clip}.name')}” "
        f"and lasts {studio.live.get(f'{clip}.length') / 4:.2f} bars"
    )
    console.print(f"[green]✓[/] heard ahead of the press, answered and written in {found.milliseconds:.1f} ms\n")


def _kept_analysis(studio: MaxStudio) -> Analysis:
    """Return the analysis from the daemon's cache on disk."""
    folder = studio.studio.home / ANALYSES.folder
    kept = sorted(folder.glob(f"*{ANALYSES.suffix}"), key=lambda path: path.stat().st_mtime)
    data = DiskLevel(folder, ANALYSES.bounds, ANALYSES.suffix).read(kept[-1].stem) if kept else None
    if data is None:
        raise StudioError("the daemon kept no analysis")
    return load_analysis(bytes(data))


def _show_fit(console: Console, clips: dict[str, Clip]) -> None:
    """Show whether bass and drums follow the analysis, measured on the notes in Live."""
    roots = [span.chord.root for span in parse_progression(CHORDS)]
    bass = clips["bass"].notes
    on_one = [
        any(abs(n.start - 4.0 * bar) < 0.2 and n.pitch % 12 == root for n in bass) for bar, root in enumerate(roots)
    ]
    console.print(f"[green]✓[/] the bass has the loop's root on the one in {sum(on_one)} of {len(roots)} bars")
    loop, ours = (analyze_notes(clip).groove.swing.value for clip in (_play_loop()["drums"], clips["drums"]))
    if loop and ours:
        console.print(
            f"[green]✓[/] the loop's drums were played with swing {loop:.2f}, DrummaRoo answers with {ours:.2f}\n"
        )


def _press(console: Console, hand: Hand, button: str, within: float) -> tuple[Pressed, Done]:
    """Press a button that creates clips, and show what the device displays."""
    pressed = hand.press(button, within)
    if not isinstance(pressed.answer, Done):
        raise StudioError(f"{button} was answered as Analyse is: {pressed.answer.sentence}")
    console.print(f"the device says: [bold]{pressed.status}[/]")
    return pressed, pressed.answer


def _read_back(studio: MaxStudio, track: int, scene: int) -> Clip:
    """Return a clip as it is in the simulated Live now."""
    where = f"song.tracks[{track}].clip_slots[{scene}].clip"
    notes = studio.live.call(f"{where}.get_all_notes_extended")
    length, name = studio.live.get(f"{where}.length"), studio.live.get(f"{where}.name")
    read = (Note(start, pitch, duration, velocity) for _, pitch, start, duration, velocity, *_ in notes)
    return Clip.of(name, length, read)


def _show(console: Console, clip: Clip, part: str, bpm: float) -> None:
    """Draw a clip. Raises StudioError when one of its onsets is between two samples."""
    names = DRUM_NAMES if part == "drums" else None
    console.print(f"\n[bold]{clip.name}[/]: {len(clip)} notes")
    console.print(draw_piano_roll(clip, names=names), highlight=False, markup=False, no_wrap=True, overflow="crop")
    if place_on_samples(clip, bpm, 48_000).notes != clip.notes:
        raise StudioError("an onset lies between two samples")


def _legs(done: Done, pressed: Pressed) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    legs = {
        "acknowledged": pressed.acknowledged_ms,
        "composed": done.composed_ms,
        "written by Live": done.live_ms,
        "press to clip": pressed.answered_ms,
    }
    for name in legs:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:.1f} ms" for value in legs.values()))
    return table


def _show_undo(console: Console, hand: Hand, before: dict[str, object], steps: int) -> None:
    """Undo everything with the device's own button, and redo it with Live's."""
    live = hand.studio.live
    for _ in range(steps):
        console.print(f"[dim]{hand.press('undo', PLAYED_WITHIN).status}[/]")
    same = live.snapshot() == before
    for _ in range(steps):
        live.redo()
    if not same:
        raise StudioError("undo did not bring the set back as it was")
    console.print(f"[green]✓[/] {steps} × Undo brings the set back exactly, redo the clips\n")


def _show_face(console: Console, hand: Hand, out: Path) -> None:
    """Draw the device's current state."""
    path = out / "device.png"
    draw_face(hand.device.patcher, hand.device.values(), scale=2).save(path)
    console.print(f"[green]✓[/] {path}, the device as it looks now")
