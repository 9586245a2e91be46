"""The demo: a simulated Live with our script, the daemon and a stand-in for the device, for real, on any machine.

It builds a set with a tempo, a key and chords of its own, presses Generate for drums and for bass, and shows what
arrives in the grid and how long each leg took.
"""

import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from bridge.timing import place_on_samples
from bridge.wire import Done
from engines.music.clip import Clip
from engines.music.midi_file import encode_midi_file
from engines.music.note import Note
from engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from tools.device_stand_in import Press
from tools.studio import Studio, StudioError, write_set

BPM = 104.0
KEY = ("D", "Dorian", 2)
CHORDS = (
    ("Dm7", (50, 60, 65, 69)),
    ("G7", (43, 59, 62, 65)),
    ("Bbmaj7", (46, 62, 65, 69)),
    ("A7", (45, 61, 64, 67)),
)
"""A bar each on the keys track, twice; lowest note first."""

BARS = 8
PRESSES = (("drummaroo", "funk", 0), ("bassaroo", "funk", 1))
"""Engine, style and the index of the track that the device sits on."""


def run_demo(out: Path) -> None:
    """Runs the demo and writes its MIDI files into `out`; raises StudioError when a part of the path fails."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    chords = " ".join(name for name, _ in CHORDS)
    console.print(Panel.fit("[bold]MuseAroo[/]: one press in Live, one clip in the grid", border_style="cyan"))
    with tempfile.TemporaryDirectory() as folder:
        set_file = write_set(Path(folder) / "set.json", _describe_set())
        started = time.perf_counter()
        with Studio(set_file=set_file) as studio:
            took = time.perf_counter() - started
            version = studio.device.welcome.daemon_version if studio.device.welcome else ""
            console.print(
                f"[green]✓[/] simulated Live {studio.profile}, its script, the daemon {version}: {took:.1f} s"
            )
            console.print(f"[green]✓[/] a set at {BPM:g} BPM in {KEY[0]} {KEY[1].lower()}, keys play {chords}\n")
            before = studio.live.snapshot()
            clips = {}
            for engine, style, track in PRESSES:
                press = studio.device.press(engine, style=style, bars=BARS, seed=7, track=track, scene=0)
                done = _answer(studio, press)
                clip = _read_back(studio, done)
                clips[engine] = clip
                _show(console, engine, clip, done, press)
            _show_undo(console, studio, before)
    for engine, clip in clips.items():
        path = out / f"{engine}.mid"
        path.write_bytes(encode_midi_file({_part(engine): clip}, bpm=BPM))
        console.print(f"[green]✓[/] {path}")
    path = out / "band.mid"
    path.write_bytes(encode_midi_file({_part(engine): clip for engine, clip in clips.items()}, bpm=BPM))
    console.print(f"[green]✓[/] {path}")


def _describe_set() -> dict[str, object]:
    chord_beats = 4.0
    notes = [
        [pitch, bar * chord_beats, chord_beats - 0.1, 84]
        for bar in range(BARS)
        for pitch in CHORDS[bar % len(CHORDS)][1]
    ]
    keys_clip = {"name": "keys", "length": BARS * chord_beats, "looping": True, "notes": notes}
    return {
        "song": {"tempo": BPM, "root_note": KEY[2], "scale_name": KEY[1], "scale_mode": True},
        "scenes": [{"name": "verse"}, {}, {}, {}],
        "tracks": [
            {"kind": "midi", "given_name": "Drums"},
            {"kind": "midi", "given_name": "Bass"},
            {"kind": "midi", "given_name": "Keys", "slots": [keys_clip]},
        ],
    }


def _answer(studio: Studio, press: Press) -> Done:
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done):
        raise StudioError(f"the press failed: {answer.sentence}")
    return answer


def _read_back(studio: Studio, done: Done) -> Clip:
    """The clip as the simulated Live has it now."""
    where = f"song.tracks[{done.track}].clip_slots[{done.scene}].clip"
    notes = studio.live.call(f"{where}.get_all_notes_extended")
    length = studio.live.get(f"{where}.length")
    read = (Note(start, pitch, duration, velocity) for _, pitch, start, duration, velocity, *_ in notes)
    return Clip.of(done.name, length, read)


def _show(console: Console, engine: str, clip: Clip, done: Done, press: Press) -> None:
    names = DRUM_NAMES if _part(engine) == "drums" else None
    console.print(f"[bold]{clip.name}[/] on track {done.track + 1}, scene {done.scene + 1}: {len(clip)} notes")
    console.print(draw_piano_roll(clip, names=names), highlight=False, markup=False, no_wrap=True, overflow="crop")
    console.print(_legs(done, press))
    on_grid = place_on_samples(clip, BPM, 48_000).notes == clip.notes
    console.print(f"[green]✓[/] every onset on its sample at 48 kHz: {'yes' if on_grid else 'no'}\n")


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


def _show_undo(console: Console, studio: Studio, before: dict[str, object]) -> None:
    for _ in PRESSES:
        studio.live.undo()
    same = studio.live.snapshot() == before
    for _ in PRESSES:
        studio.live.redo()
    if not same:
        raise StudioError("undo did not bring the set back as it was")
    console.print(f"[green]✓[/] {len(PRESSES)} × Cmd-Z brings the set back exactly, redo the clips\n")


def _part(engine: str) -> str:
    return {"drummaroo": "drums", "bassaroo": "bass"}[engine]
