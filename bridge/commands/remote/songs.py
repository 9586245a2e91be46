"""`song` by a server: planned here as the local command plans it, composed there, and written here."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.remote.calling import finish, refuse, scratch, sent_bytes
from musearoo.bridge.commands.remote.composing import style_and_tempo
from musearoo.bridge.commands.shared.files import write_folder
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.song import ALL, describe_plan
from musearoo.bridge.requests.generate import seed_of
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.song import name_tracks
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.scale import Key
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.arrangement.song_plan import Arrangement
from musearoo.engines.styles.reading import find_style

if TYPE_CHECKING:
    from musearoo.bridge.api.types.answers import Outcome
    from musearoo.client import Client, Session

SHORTEST: Final = 15.0
LONGEST: Final = 600.0
"""The bounds in seconds of what a server composes."""


def song(client: Client, options: argparse.Namespace) -> int:
    """Have the band play a song, and write its files."""
    refuse(options, "mood", "energy", "kit", "png")
    style, bpm = style_and_tempo(client, options.style, options.bpm)
    seed = seed_of(-1 if options.seed is None else options.seed, str(time.time_ns()))
    asked: dict[str, Any] = {"form": options.form or "", "key": options.key or ""}
    if options.seconds is not None:
        asked["seconds"] = options.seconds
    plan = _plan_here(options, style, seed)
    if plan is not None:
        bpm = plan.bpm
        seconds = min(max(plan.seconds, SHORTEST), LONGEST)
        asked = {"form": plan.form, "key": str(plan.key), "seconds": seconds}
    about = {"bpm": bpm, "time_signature": options.time_signature, "key": asked["key"] or None}
    with scratch(client, "song", **about) as session:
        made = session.song(style=style, complexity=options.complexity, seed=seed, **asked)
        whole = session.read_set_midi().content
        with sent_bytes(client, whole, "song.mid") as upload:
            found = session.analyze_file(upload=upload).analysis or {}
        files, roles = _split_parts(whole, session, made)
        if options.wav:
            job = finish(client, session.render(format="wav", style=style), "song.wav", quiet=options.json)
            files["wav"] = (f"{ALL}.wav", client.read_made_file(job["files"][0]["id"]).content)
        form = _form_of(session, Meter.parse(options.time_signature).bar_beats)
    if plan is not None and [[section.name, section.bars] for section in plan.sections] != form:
        # The server's style of that name is another.
        plan = None
    written = {name: str(options.out / file) for name, (file, _) in files.items()}
    beats_a_second = bpm / 60.0
    report: dict[str, Any] = {
        "style": style,
        "form": form,
        "form_name": plan.form if plan else asked["form"],
        "bpm": bpm,
        "key": str(plan.key) if plan else options.key or found.get("key"),
        "time_signature": options.time_signature,
        "seconds": round(plan.seconds, 3) if plan else found.get("duration"),
        "seed": seed,
        "parts": {name: path for name, path in written.items() if name in roles},
        "files": {name: path for name, path in written.items() if name not in roles},
        **(describe_plan(plan) if plan else {"instruments": {}, "sections": []}),
        "chords": [[round(start * beats_a_second, 3), label] for start, _, label in found.get("chords", ())],
        # Only the server knows.
        "rendered_by": None,
        "mix": [],
        "told": list(made.notices),
        "ms": round(made.milliseconds, 3),
    }
    write_folder(options.out, {**dict(files.values()), "report.json": json.dumps(report, indent=1).encode()})
    if options.json:
        print(json.dumps(report))
    else:
        tell(made.sentence, *made.notices, *(f"✓ {path}" for path in written.values()))
    return 0


def _plan_here(options: argparse.Namespace, style: str, seed: int) -> Arrangement | None:
    """Return the plan of the local command, which has no set to follow; None without such a style or value here."""
    try:
        params = SongParams(
            style=find_style(style, read_styles(home_folder() / "styles")),
            seconds=options.seconds,
            form=options.form,
            bpm=options.bpm,
            key=Key.parse(options.key) if options.key else None,
            meter=Meter.parse(options.time_signature),
        )
        return plan_song(params, seed)
    except ParamError:
        # The server may have the style, or says what is wrong.
        return None


def _split_parts(whole: bytes, session: Session, made: Outcome) -> tuple[dict[str, tuple[str, bytes]], set[str]]:
    """Return a file for each part and one of all, by name, and the names of the parts."""
    score = read_score(whole, "The song")
    tracks = {track.number: track.name for track in session.read_set().tracks if track.kind == "midi"}
    roles = {tracks[take.track]: take.part for take in made.takes if take.track in tracks}
    parts = {
        roles[name]: (f"{roles[name]}.mid", write_score(replace(score, tracks=(track,))))
        for name, track in name_tracks(score).items()
        if name in roles
    }
    return {**parts, ALL: (f"{ALL}.mid", whole)}, set(parts)


def _form_of(session: Session, bar_beats: float) -> list[list[Any]]:
    """Return the sections of a song as its scenes have them: name and bars."""
    seen = session.read_set()
    lengths: dict[int, float] = {}
    for clip in seen.clips:
        lengths[clip.scene] = max(lengths.get(clip.scene, 0.0), clip.length)
    return [[scene.name, round(lengths[scene.id] / bar_beats)] for scene in seen.scenes if scene.id in lengths]
