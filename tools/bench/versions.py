"""Versions of a song of real size: time of each step, and space beside plain copies and files kept by their hash.

The song is made here: tracks of MIDI clips, and stems of noise under slow tones. Its history has typical edits: notes
in most versions, four seconds of a stem recorded again in every fifth, a file renamed in every twentieth.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from unittest import mock

import msgspec
import numpy as np
import soundfile

from musearoo.bridge.protocol import Done
from musearoo.bridge.protocol.codec import NoteRecord
from musearoo.bridge.versions.differences import compare
from musearoo.bridge.versions.objects import encode
from musearoo.bridge.versions.repository import Repository, Versions
from musearoo.bridge.versions.telling import describe
from musearoo.bridge.versions.tree import Clip, ClipSound, Notes, Scene, Song, Track, Tree
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.processes import Studio, StudioError

TRACKS: Final = 20
SCENES: Final = 10
NOTES: Final = 200
RATE: Final = 48_000
RECORDED: Final = 4
"""Seconds of a stem that are recorded again."""
COMMIT_MS: Final = 50.0
SOUND_RATE: Final = 150.0
"""MB/s."""
LOG_MS: Final = 100.0
DIFF_MS: Final = 200.0
CHECKOUT_MS: Final = 300.0
WITHIN: Final = 60.0


def run(options: argparse.Namespace, show_progress: Callable[[str, int, int], None]) -> Results:
    """Return the rows of all parts."""
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        show_progress("A song and its history", 0, 3)
        rows += _measure_history(Path(folder), options)
        show_progress("A long history", 1, 3)
        rows += _measure_log(Path(folder, "log"), options.commits)
    show_progress("In the simulated Live", 2, 3)
    rows += _measure_live(options.times)
    return Results(rows)


def _measure_history(folder: Path, options: argparse.Namespace) -> list[Row]:
    rng = random.Random(7)
    stems = [_write_stem(folder / f"stem {number}.wav", options.seconds, number) for number in range(TRACKS)]
    notes: dict[str, Notes] = {}
    tree = _make_song(stems, notes, rng)
    versions = Versions(folder / "versions")
    repository = versions.create("Song", 0.0)
    began = time.perf_counter()
    tree = versions.sound_index.keep(tree, versions.sounds, None, _ignore)
    sound_seconds = time.perf_counter() - began
    sound_bytes = sum(stem.stat().st_size for stem in stems)
    repository.commit(tree, notes, "first", now=1.0)
    copied = distinct = sound_bytes
    commits: list[float] = []
    trees = [tree]
    for number in range(2, options.versions + 1):
        changed: dict[str, Notes] = {}
        tree = _edit(tree, changed, rng)
        if number % 5 == 0:
            stem = stems[rng.randrange(TRACKS)]
            _record_again(stem, rng)
            distinct += stem.stat().st_size
        if number % 20 == 0:
            at = rng.randrange(TRACKS)
            stems[at] = stems[at].rename(folder / f"renamed {number}.wav")
        tree = _with_stems(tree, stems)
        tree = versions.sound_index.keep(tree, versions.sounds, None, _ignore)
        began = time.perf_counter()
        repository.commit(tree, changed, f"version {number}", now=float(number))
        commits.append((time.perf_counter() - began) * 1000.0)
        copied += sum(each.stat().st_size for each in stems)
        trees.append(tree)
    ours = sum(facts.size for facts in versions.blobs.list())
    began = time.perf_counter()
    found = compare(trees[0], trees[-1], versions.notes)
    count = len(describe(found))
    diff_ms = (time.perf_counter() - began) * 1000.0
    began = time.perf_counter()
    again = [Versions(versions.folder).tree(version.key) for version in repository.log()]
    if again != trees[::-1]:
        raise StudioError("a version did not come back as it was")
    return [
        Row(
            "time",
            "commit of changed notes, median",
            "ms",
            median(commits),
            COMMIT_MS,
            median(commits) <= COMMIT_MS,
            "the most",
        ),
        Row("time", "commit of changed notes, longest", "ms", max(commits)),
        _at_least("time", "sounds that are new", "MB/s", sound_bytes / 1e6 / sound_seconds, SOUND_RATE),
        Row("time", f"what differs, {count} sentences", "ms", diff_ms, DIFF_MS, diff_ms <= DIFF_MS, "the most"),
        Row("space", f"{options.versions} versions beside plain copies", "MB", ours / 1e6, copied / 1e6),
        Row("space", "beside each file kept once by its hash, as git-lfs does", "MB", ours / 1e6, distinct / 1e6),
    ]


def _measure_log(folder: Path, count: int) -> list[Row]:
    """Measure the log of a long history, as a command reads it that has just begun."""
    versions = Versions(folder)
    repository = versions.create("Long", 0.0)
    # The objects of commits alone: written without waiting for the disk each time.
    with mock.patch("os.fsync"):
        for number in range(count):
            repository.commit(Tree(song=Song(tempo=60.0 + number % 100)), {}, f"version {number}", now=float(number))
    times = []
    for _ in range(5):
        began = time.perf_counter()
        fresh = Repository(Versions(folder), repository.path)
        if sum(1 for _ in fresh.log()) != count:
            raise StudioError("the log is not whole")
        times.append((time.perf_counter() - began) * 1000.0)
    return [Row("time", f"log of {count:,} versions", "ms", median(times), LOG_MS, median(times) <= LOG_MS, "the most")]


def _measure_live(times: int) -> list[Row]:
    """Measure keeping a set and bringing back a scene, from the press to the answer."""
    kept, back = [], []
    with Studio() as studio:
        for engine in ("drums", "bass", "harmony", "melody"):
            _done(studio, studio.device.press(engine, bars=8, seed=1, scene=0))
        for number in range(times):
            began = time.perf_counter()
            _done(studio, studio.device.keep_version(f"version {number}"))
            kept.append((time.perf_counter() - began) * 1000.0)
            began = time.perf_counter()
            _done(studio, studio.device.bring_back(f"version {number}", "scene", "1"))
            back.append((time.perf_counter() - began) * 1000.0)
            studio.live.undo()
    return [
        Row("Live", "a set of four clips kept", "ms", median(kept)),
        Row(
            "Live",
            "a scene brought back, median",
            "ms",
            median(back),
            CHECKOUT_MS,
            median(back) <= CHECKOUT_MS,
            "the most",
        ),
        Row(
            "Live", "a scene brought back, longest", "ms", max(back), CHECKOUT_MS, max(back) <= CHECKOUT_MS, "the most"
        ),
    ]


def _make_song(stems: list[Path], notes: dict[str, Notes], rng: random.Random) -> Tree:
    tracks = [Track(uid=f"midi {number}", kind=0, name=f"Part {number}") for number in range(TRACKS)]
    audio = [Track(uid=f"audio {number}", kind=1, name=f"Stem {number}") for number in range(TRACKS)]
    scenes = [Scene(uid=f"scene {number}", name=f"Scene {number}") for number in range(SCENES)]
    clips = [
        Clip(
            uid=f"{track.uid}, {scene.uid}",
            track=track.uid,
            scene=scene.uid,
            name=track.name,
            length=32.0,
            looping=True,
            loop_end=32.0,
            notes=_put(notes, _play(rng)),
        )
        for track in tracks
        for scene in scenes
    ]
    sounds = [
        Clip(uid=track.uid, track=track.uid, scene=scenes[0].uid, sound=ClipSound(path=str(stem)))
        for track, stem in zip(audio, stems, strict=True)
    ]
    return Tree(song=Song(), tracks=(*tracks, *audio), scenes=tuple(scenes), clips=(*clips, *sounds))


def _play(rng: random.Random) -> Notes:
    rows = [
        NoteRecord(
            rng.randrange(36, 84), 0, 1.0, float(rng.randrange(40, 120)), 0.0, 64.0, rng.randrange(128) / 4, 0.25
        )
        for _ in range(NOTES)
    ]
    return Notes(rows=tuple(sorted(rows, key=lambda row: (row.pitch, row.start))))


def _put(notes: dict[str, Notes], played: Notes) -> str:
    key, _ = encode(played)
    notes[key] = played
    return key


def _edit(tree: Tree, notes: dict[str, Notes], rng: random.Random) -> Tree:
    """Return a song with other notes in one or two clips."""
    clips = list(tree.clips)
    for _ in range(rng.randrange(1, 3)):
        at = rng.randrange(TRACKS * SCENES)
        clips[at] = msgspec.structs.replace(clips[at], notes=_put(notes, _play(rng)))
    return msgspec.structs.replace(tree, clips=tuple(clips))


def _with_stems(tree: Tree, stems: list[Path]) -> Tree:
    first = len(tree.clips) - TRACKS
    sounds = [
        msgspec.structs.replace(clip, sound=ClipSound(path=str(stem)))
        for clip, stem in zip(tree.clips[first:], stems, strict=True)
    ]
    return msgspec.structs.replace(tree, clips=(*tree.clips[:first], *sounds))


def _write_stem(path: Path, seconds: float, seed: int) -> Path:
    """Write 24 bits in stereo: tones that swell, with quiet noise."""
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hertz * at) for hertz in rng.uniform(60, 2_000, 4)) / 8
    swell = 0.5 + 0.5 * np.sin(2 * np.pi * at / rng.uniform(2, 9))
    sound = (tone * swell)[:, None] + 0.003 * rng.standard_normal((len(at), 2))
    soundfile.write(path, sound, RATE, subtype="PCM_24")
    return path


def _record_again(path: Path, rng: random.Random) -> None:
    samples, _ = soundfile.read(path, dtype="int32", always_2d=True)
    length = min(RECORDED * RATE, len(samples))
    start = rng.randrange(max(1, len(samples) - length + 1))
    noise = np.random.default_rng(rng.randrange(2**31)).standard_normal((length, 2)) * 0.1
    samples[start : start + length] = (noise * 2**31).astype(np.int32)
    soundfile.write(path, samples, RATE, subtype="PCM_24")


def _at_least(part: str, name: str, unit: str, ours: float, least: float) -> Row:
    return Row(part, name, unit, ours, least, ours >= least, "at least")


def _done(studio: Studio, press: Press) -> None:
    answer = studio.device.wait_for(press, WITHIN)
    if not isinstance(answer, Done):
        raise StudioError(f"a press failed: {answer}")


def _ignore(_: int) -> None:
    """Do nothing."""
