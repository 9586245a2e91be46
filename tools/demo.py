"""The demo: a simulated Live with our script, the daemon and a stand-in for the device, for real, on any machine.

A loop of drums and keys is rendered to a WAV file and put on an audio track, in a set of another tempo and no key.
MuseAroo hears it, gives the set its tempo, meter and scale and the clip its warp markers. Then the band plays to it: in
its key, over its chords, in its groove. One part is asked for again, busier. The loop itself is split into stems on
tracks of their own, and in the end a prompt becomes an audio loop: as a sketch, for that needs no model.
"""

import json
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from bridge.analysis_page import print_analysis
from bridge.band_press import BAND
from bridge.presets_folder import read_styles
from bridge.rendering import SongPart, render_song, write_rendering
from bridge.timing import place_on_samples
from bridge.wire import Done, Heard
from engines.brainaroo.reading import analyze_notes
from engines.catalogue import find_engine
from engines.music.analysis import Analysis
from engines.music.analysis_json import load_analysis
from engines.music.clip import Clip
from engines.music.context import MusicalContext
from engines.music.midi_file import encode_midi_file
from engines.music.note import Note
from engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from engines.music.progression import parse_progression
from engines.rendering.stem import USUAL_PROGRAMS
from tools.device_stand_in import Press
from tools.studio import Studio, StudioError, write_set
from tools.synthesiser import render_parts, write_wave

BPM = 92.0
SET_BPM = 120.0
STYLE = "hip-hop"
CHORDS = "Dm7 Gm7 A7 Dm7"
"""A bar each on the loop's keys."""

BARS = 4
SEED = 7
WANTED = ("tempo", "meter", "scale", "warp", "name")
LOOP_TRACK = 0
REFINED, CHANGE = "drums", "busier"
"""The part that is asked for again, and how."""

PROMPT = "dusty electric piano and a deep bass, no drums"

SPLIT_WITHIN = 300.0
"""Seconds in which a slow machine starts the worker and takes ten seconds of sound apart, with Demucs where it is."""

HEARD_WITHIN = 30.0
"""Seconds in which a slow machine imports NumPy and hears ten seconds of sound."""


def run_demo(out: Path) -> None:
    """Runs the demo and writes its WAV and MIDI files into `out`; raises StudioError when a part of the path fails."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    console.print(Panel.fit("[bold]MuseAroo[/]: a loop in Live, and a band that fits it", border_style="cyan"))
    loop = write_wave(out.resolve() / "loop.wav", render_parts(_play_loop(), BPM, loop=True))
    console.print(f"[green]✓[/] {loop.name}: {BARS} bars of {STYLE} at {BPM:g} BPM over {CHORDS}, rendered")
    with tempfile.TemporaryDirectory() as folder:
        set_file = write_set(Path(folder) / "set.json", _describe_set())
        settings = f"audio_folders: [{json.dumps(str(loop.parent))}]\n"
        started = time.perf_counter()
        with Studio(set_file=set_file, settings=settings) as studio:
            took = time.perf_counter() - started
            version = studio.device.welcome.daemon_version if studio.device.welcome else ""
            console.print(
                f"[green]✓[/] simulated Live {studio.profile}, its script, the daemon {version}: {took:.1f} s"
            )
            before = _drop_loop(studio, loop)
            console.print(f"[green]✓[/] a set at {SET_BPM:g} BPM without a key; the loop on its audio track\n")
            _show_hearing(console, studio)
            clips = _play_band(console, studio)
            _show_fit(console, clips)
            _refine(console, studio, clips)
            _split(console, studio, loop, out)
            _imagine(console, studio, out)
            _show_undo(console, studio, before, steps=5)
    _write_files(console, out, clips)
    console.print(f"[green]✓[/] {out / loop.name}")


def _play_band(console: Console, studio: Studio) -> dict[str, Clip]:
    """Presses for the band, and shows each clip that came into the first scene, by its part."""
    press = studio.device.press(BAND, style=STYLE, bars=BARS, seed=SEED, scene=0)
    done = _answer(studio, press)
    console.print(f"[bold]{done.name}[/]: {done.notes} notes")
    clips: dict[str, Clip] = {}
    for index in range(LOOP_TRACK + 1, done.track + 1):
        engine = find_engine(studio.live.get(f"song.tracks[{index}].name"))
        clips[engine.part] = _read_back(studio, index, 0)
        _show(console, clips[engine.part], engine.part, studio.live.get("song.tempo"))
    console.print(_legs(done, press))
    console.print("[green]✓[/] every onset on its sample at 48 kHz\n")
    return clips


def _refine(console: Console, studio: Studio, clips: dict[str, Clip]) -> None:
    """Asks for one part again, in the slot below."""
    track = LOOP_TRACK + 1 + list(clips).index(REFINED)
    press = studio.device.refine(CHANGE, track=track, scene=0, seed=SEED)
    done = _answer(studio, press)
    console.print(f"[bold]{done.name}[/], {CHANGE}: {done.notes} notes instead of {len(clips[REFINED])}")
    clip = _read_back(studio, done.track, done.scene)
    _show(console, clip, REFINED, studio.live.get("song.tempo"))
    clips[f"{REFINED} {CHANGE}"] = clip
    console.print(_legs(done, press))
    console.print()


def _split(console: Console, studio: Studio, loop: Path, out: Path) -> None:
    """Has the loop's clip split, looks at what came, and keeps a copy of the stems in `out`."""
    press = studio.device.split(track=LOOP_TRACK, scene=0, mute=True)
    done = studio.device.wait_for(press, within=SPLIT_WITHIN)
    if not isinstance(done, Done):
        raise StudioError(f"the loop was not split: {done.sentence}")
    console.print(f"[bold]{done.name}[/] in {done.milliseconds / 1000:.1f} s")
    for told in press.told:
        console.print(f"[dim]{told.sentence}[/]")
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


def _imagine(console: Console, studio: Studio, out: Path) -> None:
    """Has a prompt sketched, looks whether the loop lies on the grid, and keeps a copy of it in `out`."""
    press = studio.device.imagine(PROMPT, bars=BARS, seed=SEED, backend="sketch")
    done = studio.device.wait_for(press, within=SPLIT_WITHIN)
    if not isinstance(done, Done):
        raise StudioError(f"the prompt was not sketched: {done.sentence}")
    clip = f"song.tracks[{done.track}].clip_slots[{done.scene}].clip"
    path, length = Path(studio.live.get(f"{clip}.file_path")), studio.live.get(f"{clip}.length")
    sound = soundfile.info(path)
    frames = length * 60.0 / studio.live.get("song.tempo") * sound.samplerate
    if sound.frames != round(frames):
        raise StudioError(f"{path.name} is not exactly as long as its bars")
    console.print(f"[bold]{done.name}[/] in {done.milliseconds / 1000:.1f} s")
    for told in press.told:
        console.print(f"[dim]{told.sentence}[/]")
    console.print(f"[green]✓[/] {length / 4:g} bars of audio, exact to a sample, looping on a track of their own\n")
    shutil.copy(path, out)


def _write_files(console: Console, out: Path, clips: dict[str, Clip]) -> None:
    """Writes each clip and the band as MIDI files, and what the band sounds like beside it."""
    band = {part: clip for part, clip in clips.items() if " " not in part}
    for name, parts in (*((part, {part: clip}) for part, clip in clips.items()), ("band", band)):
        path = out / f"{name.replace(' ', '_')}.mid"
        path.write_bytes(encode_midi_file(parts, bpm=BPM))
        console.print(f"[green]✓[/] {path}")
    rendering = render_song([SongPart(clip.name, clip, USUAL_PROGRAMS[part]) for part, clip in band.items()], BPM)
    console.print(f"[green]✓[/] {write_rendering(rendering, out / 'band.wav')}, rendered by {rendering.renderer}")


def _play_loop() -> dict[str, Clip]:
    """The parts of the loop: a drummer of ours, and keys."""
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


def _drop_loop(studio: Studio, loop: Path) -> dict[str, object]:
    """Puts the loop into its slot, as a hand would; returns the set as it is then, when it has been heard."""
    slot = f"song.tracks[{LOOP_TRACK}].clip_slots[0]"
    studio.live.call(f"{slot}.create_audio_clip", str(loop))
    studio.live.set(f"{slot}.clip.warping", False)
    before = studio.live.snapshot()
    studio.device.wait_until(lambda: "BPM" in studio.daemon.log(), HEARD_WITHIN, "word of what the loop is")
    return before


def _show_hearing(console: Console, studio: Studio) -> None:
    """Presses Analyse, and shows what was found and what the set has become."""
    press = studio.device.analyze(track=LOOP_TRACK, scene=0, write=WANTED)
    found = studio.device.wait_for(press, within=HEARD_WITHIN)
    if not isinstance(found, Heard):
        raise StudioError(f"the loop was not heard: {found}")
    print_analysis(_kept_analysis(studio), "loop.wav", console)
    song, clip = "song", f"song.tracks[{LOOP_TRACK}].clip_slots[0].clip"
    meter = f"{studio.live.get(f'{song}.signature_numerator')}/{studio.live.get(f'{song}.signature_denominator')}"
    console.print(
        f"\n[green]✓[/] the set is at {studio.live.get(f'{song}.tempo'):.2f} BPM, {meter}, "
        f"{found.key or 'no key'}; the clip is called “{studio.live.get(f'{clip}.name')}” "
        f"and lasts {studio.live.get(f'{clip}.length') / 4:.2f} bars"
    )
    console.print(f"[green]✓[/] heard ahead of the press, answered and written in {found.milliseconds:.1f} ms\n")


def _kept_analysis(studio: Studio) -> Analysis:
    """The analysis as the daemon keeps it on disk."""
    kept = sorted((studio.home / "analyses").rglob("*.analysis"), key=lambda path: path.stat().st_mtime)
    if not kept:
        raise StudioError("the daemon kept no analysis")
    return load_analysis(kept[-1].read_bytes())


def _show_fit(console: Console, clips: dict[str, Clip]) -> None:
    """Says whether bass and drums follow what was heard, measured on the notes that stand in Live."""
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


def _answer(studio: Studio, press: Press) -> Done:
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done):
        raise StudioError(f"the press failed: {answer.sentence}")
    return answer


def _read_back(studio: Studio, track: int, scene: int) -> Clip:
    """A clip as the simulated Live has it now."""
    where = f"song.tracks[{track}].clip_slots[{scene}].clip"
    notes = studio.live.call(f"{where}.get_all_notes_extended")
    length, name = studio.live.get(f"{where}.length"), studio.live.get(f"{where}.name")
    read = (Note(start, pitch, duration, velocity) for _, pitch, start, duration, velocity, *_ in notes)
    return Clip.of(name, length, read)


def _show(console: Console, clip: Clip, part: str, bpm: float) -> None:
    """Draws a clip; raises StudioError when one of its onsets lies between two samples."""
    names = DRUM_NAMES if part == "drums" else None
    console.print(f"\n[bold]{clip.name}[/]: {len(clip)} notes")
    console.print(draw_piano_roll(clip, names=names), highlight=False, markup=False, no_wrap=True, overflow="crop")
    if place_on_samples(clip, bpm, 48_000).notes != clip.notes:
        raise StudioError("an onset lies between two samples")


def _legs(done: Done, press: Press) -> Table:
    if press.got_at is None or press.answered_at is None:
        raise StudioError("the press was answered without having been acknowledged")
    total = (press.answered_at - press.pressed_at) * 1000
    table = Table(box=None, header_style="dim", pad_edge=False)
    legs = {
        "acknowledged": (press.got_at - press.pressed_at) * 1000,
        "composed": done.composed_ms,
        "written by Live": done.live_ms,
        "press to clip": total,
    }
    for name in legs:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:.1f} ms" for value in legs.values()))
    return table


def _show_undo(console: Console, studio: Studio, before: dict[str, object], steps: int) -> None:
    for _ in range(steps):
        studio.live.undo()
    same = studio.live.snapshot() == before
    for _ in range(steps):
        studio.live.redo()
    if not same:
        raise StudioError("undo did not bring the set back as it was")
    console.print(f"[green]✓[/] {steps} × Cmd-Z brings the set back exactly, redo the clips\n")
