"""A request for a mix: analyse each track, plan the moves as one undo step, and report them. Pure.

Audio tracks are as loud as their clips were heard to be. A MIDI track's instrument cannot be heard from here: its notes
are measured as our own synthesiser plays them, and the report says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipState,
    Mix,
    MixerState,
    SetEqualiser,
    SetMixer,
    SetSend,
    SongState,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.generate import choose_style, read_neighbours, read_part, read_scene, require_set
from musearoo.engines.analysis.scene.clips import ScenePart
from musearoo.engines.analysis.symbolic.roles import guess_audio_role, guess_role
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.mix.engine import MixPlan, plan_mix
from musearoo.engines.players.mix.equaliser import BANDS, EQ_CLASS
from musearoo.engines.players.mix.tracks import Control, DeviceMove, MixDevice, MixTrack, TrackSound
from musearoo.engines.styles.schema import Style

MOST_SCENES: Final = 8
"""Scenes whose clips are measured, from the top: a request has to be answered in a moment."""
LONGEST_CLIP: Final = 64.0
"""Beats of a clip that are measured: the rest of a longer one is much alike."""
MOST_TOLD: Final = 4
"""Sentences of the report that the status line shows; the log has all of them."""
DEVICES_SINCE: Final = (12, 3)
"""The version of Live that lets a script put a device on a track."""
EQUALISER: Final = 1
"""Stands for the one EQ Eight of a track that is known here."""
SETTINGS: Final = ("Filter On", "Filter Type", "Frequency", "Gain", "Resonance")
PLAIN_Q: Final = 0.71
"""The resonance of a cut that neither rings nor sags."""
CONTROLS: Final[frozenset[Control]] = frozenset(("volume", "panning", "sends", "devices"))


@dataclass(frozen=True, slots=True)
class TrackReading:
    """A track: its place in the mixer, its role if its name or engine gives one, and its clips by scene name."""

    state: TrackState
    mixer: MixerState
    role: Role | None
    clips: tuple[tuple[str, ScenePart], ...]
    equaliser: tuple[float, ...]
    """Raw settings of its last EQ Eight, five a band; none where it has none."""


@dataclass(frozen=True, slots=True)
class MixReading:
    """The facts of the set that a mix needs; `playing` is the selected scene's content, by which a style is chosen."""

    song: SongState
    tracks: tuple[TrackReading, ...]
    returns: tuple[str, ...]
    makes_devices: bool
    """Whether this Live lets a script put an EQ Eight on a track."""
    playing: tuple[ScenePart, ...]


def read_mix(
    mirror: SetMirror,
    engines: Sequence[EngineRecord],
    recall: Callable[[Passage], Analysis | None],
    live_version: str = "",
) -> MixReading:
    """Read the facts of the set from the mirror; raises RequestError before the set was reported completely."""
    song = require_set(mirror)
    scenes = sorted(mirror.scenes.values(), key=lambda scene: scene.index)[:MOST_SCENES]
    ordered = sorted(mirror.tracks.values(), key=lambda track: track.index)
    roles = {engine.title: engine.part for engine in engines}
    tracks = []
    for track in ordered:
        mixer = mirror.mixers.get(track.id)
        if track.kind not in (MIDI_TRACK, AUDIO_TRACK) or mixer is None:
            continue
        states: list[tuple[str, ClipState | None]] = [
            (scene.name or f"Scene {scene.index + 1}", mirror.clip_in_slot(track.id, scene.id)) for scene in scenes
        ]
        clips = [(name, read_part(mirror, state, recall)) for name, state in states if state is not None]
        known = tuple((name, part) for name, part in clips if part is not None)
        equaliser = mirror.equalisers.get(track.id, ())
        tracks.append(TrackReading(track, mixer, roles.get(track.name), known, equaliser))
    returns = tuple(track.name for track in ordered if track.kind == RETURN_TRACK)
    selected = mirror.scenes.get(mirror.selection.scene) or mirror.scene_at(0)
    playing = read_neighbours(mirror, selected.id, recall) if selected else ()
    return MixReading(song, tuple(tracks), returns, _version(live_version) >= DEVICES_SINCE, playing)


def compose_mix(
    reading: MixReading, request: Mix, styles: Mapping[str, Style], request_id: str, deadline: float
) -> Composition:
    """Return the moves as a transaction, and sentences about the mix; without moves nothing is sent."""
    context = read_scene(reading.song, reading.playing, styles)
    style = choose_style(styles, request.style, context)
    pinned = {name.strip().lower() for name in request.pinned.split(",")}
    tracks = [_measured(track, reading.song.tempo, pinned) for track in reading.tracks]
    plan = plan_mix(tracks, style.mix, reading.returns, reading.song.tempo, with_devices=reading.makes_devices)
    edits = _edits_of(plan, reading.makes_devices) if request.write else []
    messages: tuple[Message, ...] = (Transaction(request_id, deadline), *edits) if edits else ()
    sentences = (*plan.report.sentences, *plan.suggestions)
    return Composition(
        messages, _name_of(plan, style, bool(request.write), reading.makes_devices), sentences[:MOST_TOLD]
    )


def _measured(track: TrackReading, bpm: float, pinned: set[str]) -> MixTrack:
    sound, sections = _sound_of(track, bpm)
    held = {word for word in track.mixer.held.split(",") if word}
    return MixTrack(
        id=track.state.id,
        name=track.state.name,
        role=track.role or _role_of(track),
        volume=track.mixer.volume,
        pan=track.mixer.panning,
        sends=track.mixer.sends,
        sound=sound,
        sections=sections,
        pinned=CONTROLS if track.state.name.lower() in pinned else frozenset(),
        automated=frozenset(control for control in CONTROLS if control in held),
        devices=(MixDevice(EQUALISER, EQ_CLASS, _named(track.equaliser)),) if track.equaliser else (),
    )


def _named(settings: Sequence[float]) -> dict[str, float]:
    """The raw settings of an EQ Eight by the names of its parameters."""
    names = [f"{band} {name} A" for band in range(1, BANDS + 1) for name in SETTINGS]
    return dict(zip(names, settings, strict=False))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _role_of(track: TrackReading) -> Role:
    """Return the track's role in the band, by its name and its first clip."""
    for _, part in track.clips:
        if isinstance(part.content, Clip):
            return guess_role(track.state.name, part.content)[0]
        return guess_audio_role(track.state.name, part.content.analysis)[0]
    return guess_role(track.state.name, Clip("", 1.0))[0]


def _sound_of(track: TrackReading, bpm: float) -> tuple[TrackSound | None, tuple[tuple[str, float | None], ...]]:
    """Return the track's sound before its fader, as a whole and in each scene."""
    heard = [(name, part.content) for name, part in track.clips if not isinstance(part.content, Clip)]
    if heard:
        sounds = [(name, TrackSound.of(content.analysis.character)) for name, content in heard]
        loudest = max((sound for _, sound in sounds if sound), key=lambda sound: sound.lufs, default=None)
        return loudest, tuple((name, sound.lufs if sound else None) for name, sound in sounds)
    written = [(name, part.content) for name, part in track.clips if isinstance(part.content, Clip)]
    if not any(clip.notes for _, clip in written):
        return None, ()
    from musearoo.engines.audio.synthesis.measuring import (
        measure_stem,  # here, for it loads NumPy, which the daemon's start does not
    )
    from musearoo.engines.audio.synthesis.stem import USUAL_PROGRAMS, stem_of

    notes, sections, start = [], [], 0.0
    for name, clip in written:
        length = min(clip.length, LONGEST_CLIP)
        notes += [(start, note) for note in clip.notes if note.start < length]
        sections.append((name, beats_to_seconds(start, bpm), beats_to_seconds(start + length, bpm)))
        start += length
    joined = Clip.of(track.state.name, start, [_moved(offset, note) for offset, note in notes])
    stem = stem_of(track.state.name, joined, bpm, USUAL_PROGRAMS[track.role or _role_of(track)])
    measured = measure_stem(stem, beats_to_seconds(start, bpm), sections)
    return measured.sound, measured.sections


def _moved(offset: float, note: Note) -> Note:
    return replace(note, start=offset + note.start)


def _edits_of(plan: MixPlan, makes_devices: bool) -> list[Message]:
    """Faders, pans, sends and bands of equalisers; if Live can add no devices, moves that need one become sentences."""
    edits: list[Message] = []
    bands: dict[tuple[int, bool, int], dict[str, float]] = {}
    for move in plan.moves:
        if isinstance(move, DeviceMove):
            number, _, name = move.parameter.partition(" ")
            settings = bands.setdefault((move.track, move.device is None, int(number)), {})
            settings[name.removesuffix(" A")] = move.value
        elif move.send is not None:
            edits.append(SetSend(move.track, move.send, move.new))
        else:
            edits.append(SetMixer(move.track, move.control, move.new))
    made: set[int] = set()
    for (track, is_new, band), values in bands.items():
        if is_new and not makes_devices:
            continue
        fresh = is_new and track not in made
        made.add(track)
        shown = (values["Frequency"], values.get("Gain", 0.0), values.get("Resonance", PLAIN_Q))
        edits.append(SetEqualiser(track, int(fresh), band, int(values["Filter Type"]), *shown))
    return edits


def _name_of(plan: MixPlan, style: Style, written: bool, makes_devices: bool) -> str:
    count = len(_edits_of(plan, makes_devices))
    if not count:
        return f"{style.name} mix: nothing to move"
    before, after = plan.report.before, plan.report.after
    loudness = f", {before.lufs:.0f} to {after.lufs:.0f} LUFS" if before and after else ""
    return f"{style.name} mix: {count} {'moves' if written else 'moves to make'}{loudness}"
