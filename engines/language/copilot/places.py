"""Resolve which track, clip or scene a sentence means: by number, name, part or "it"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from musearoo.engines.language.requests.actions import DoneAction, name_part
from musearoo.engines.language.requests.commands import BAND, PARTS, Command, Intent, Slots
from musearoo.engines.language.requests.replies import Answer, UnclearError
from musearoo.engines.language.requests.slots import one_by_one, with_slots
from musearoo.engines.language.state.situation import Situation, ask, refusal
from musearoo.engines.language.state.view import TrackView

Found = TypeVar("Found")

CLIP, TRACK = "clip", "track"
"""Targets for the selected clip and track."""

PLURALS = ("drums", "harmony")
"""Parts whose names are plural."""

NAMED_AS_THEY_ARE = (Intent.MUTE, Intent.UNMUTE, Intent.SOLO, Intent.UNSOLO, Intent.SPLIT, Intent.DELETE)
"""Intents named without "to": "nothing to mute" would be wrong."""

MOST_NAMED = 4
"""Maximum tracks listed in a question: more do not fit on a status line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTarget:
    """A clip: its track and scene (0 for the clip in Detail View, or without a set), and its name."""

    track: int
    scene: int
    name: str
    part: str = ""
    is_audio: bool = False
    made: DoneAction | None = None
    """The action that made it, if remembered."""
    clip_name: str = ""

    @property
    def full_name(self) -> str:
        """Its full name for confirmations: its track and scene, and its own name."""
        return f"“{self.clip_name}”, {self.name}" if self.clip_name else self.name


def find_clip(situation: Situation, command: Command) -> ClipTarget:
    """Return the clip that a sentence means; raises UnclearError with a question where that is unclear."""
    slots, view = command.slots, situation.view
    target = _target(slots)
    if not situation.is_seen:
        named = name_part(target) if target not in ("", CLIP, TRACK) else "clip"
        return ClipTarget(track=slots.track, scene=_number(slots.scene), name=f"the {named}", part=_part(target))
    if slots.track or target == TRACK:
        return _clip_on_track(situation, command, _track_by_number(situation, command, slots.track or view.track))
    if target == CLIP:
        return _shown_clip(situation, command)
    if target == BAND:
        raise ask("One part at a time: which one?", command, "target")
    if not target:
        return _it(situation, command)
    made = situation.remembered.newest(target) if target in PARTS and not slots.scene else None
    clip_target = _clip_of_made(situation, made, target) if made else None
    if clip_target is not None:
        return clip_target
    return _clip_on_track(situation, command, _track_with_clip(situation, command, target))


def default_to_shown_clip(situation: Situation, command: Command) -> Command:
    """Return the sentence applied to the clip in Detail View where it names none."""
    slots = command.slots
    if slots.target or slots.parts or slots.track or slots.scene or situation.view.shown is None:
        return command
    return with_slots(command, target=CLIP)


def find_tracks(situation: Situation, command: Command) -> tuple[TrackView, ...]:
    """Return the tracks that a sentence means; raises UnclearError with a question where that is unclear."""
    slots, view = command.slots, situation.view
    if several := one_by_one(command):
        found = [track for one in several for track in find_each(situation, one, find_tracks)]
        return tuple({(track.number, track.name): track for track in found}.values())
    target = _target(slots)
    if not situation.is_seen:
        name = f"track {slots.track}" if slots.track else f"the {name_part(target or TRACK)}"
        return (TrackView(number=slots.track, name=name),)
    if slots.track:
        return (_track_by_number(situation, command, slots.track),)
    if target in (CLIP, TRACK):
        number = view.shown.track if target == CLIP and view.shown else view.track
        if not number:
            raise ask(f"{_verb(command)} what? No track is selected.", command, "target")
        return (_track_by_number(situation, command, number),)
    if target == BAND:
        tracks = tuple(track for track in view.tracks if track.part)
        if not tracks:
            raise refusal("No track is known to play a part yet: name one, such as track 1.")
        return tracks
    if target:
        return (_track_of(situation, command, target),)
    made = situation.remembered.it
    numbers = (made.action.tracks or (made.track,)) if made else ()
    tracks = tuple(track for track in view.tracks if track.number in numbers)
    if not tracks:
        raise ask(f"{_verb(command)} what? Say a part or a track.", command, "target")
    return tracks


def find_each(situation: Situation, command: Command, find: Callable[[Situation, Command], Found]) -> Found:
    """Resolve one of several targets; raises UnclearError with a message, as no answer fits them all."""
    try:
        return find(situation, command)
    except UnclearError as unclear:
        if isinstance(unclear.reply, Answer):
            raise
        raise refusal(
            f"{unclear.reply.sentence} Name each so that only one is meant, such as “tracks 1 and 3”."
        ) from None


def find_scene(situation: Situation, command: Command, *, may_be_new: bool) -> int:
    """Return the number of the scene that a sentence means, 0 for the selected one where none is known.

    One past the last is a new one at the end; "next" leads there from the last scene.
    """
    named, view = command.slots.scene, situation.view
    if not situation.is_seen:
        return _number(named)
    match named:
        case "" | "this":
            return view.scene
        case "next":
            number = view.scene + 1
        case "new":
            number = view.scenes + 1
        case _:
            number = _number(named)
    if number > view.scenes or number < 1:
        if may_be_new and named in ("next", "new"):
            return view.scenes + 1
        count = f"There {_are(view.scenes, 'scene')}"
        if may_be_new and number > 0:
            new = with_slots(command, scene="new")
            raise ask(f"{count}. Shall it go into a new one?", new, "scene")
        raise ask(f"{count}: which one?", command, "scene")
    return number


def require_midi_track(situation: Situation, command: Command) -> int:
    """Return the track for notes, 0 where the sentence names none; raises UnclearError for one without notes."""
    if not command.slots.track or not situation.is_seen:
        return command.slots.track
    track = _track_by_number(situation, command, command.slots.track)
    if track.kind != "midi":
        what = "an audio track" if track.is_audio else "a group"
        raise refusal(f"Track {track.number}, {track.name}, is {what}: notes need a MIDI track.")
    return track.number


def is_own_clip(situation: Situation, track: TrackView, scene: int) -> bool:
    """Return whether MuseAroo made the clip in a slot: it is on a Roo's own track, or is remembered."""
    return track.is_own or situation.remembered.made_at(track.number, scene) is not None


def _clip_on_track(situation: Situation, command: Command, track: TrackView) -> ClipTarget:
    view, remembered = situation.view, situation.remembered
    if command.slots.scene:
        scene = find_scene(situation, command, may_be_new=False)
    elif view.scene in track.clips:
        scene = view.scene
    else:
        newest = next((m.scene for m in reversed(remembered.made) if m.track == track.number), 0)
        nearest = min(track.clips, default=view.scene, key=lambda other: (abs(other - view.scene), other))
        scene = newest if newest in track.clips else nearest
    if scene not in track.clips:
        where = f" in scene {scene}" if track.clips else ""
        raise refusal(f"Track {track.number}, {track.name}, has no clip{where}.")
    return _target_on(situation, track, scene)


def _target_on(situation: Situation, track: TrackView, scene: int) -> ClipTarget:
    made = situation.remembered.made_at(track.number, scene)
    return ClipTarget(
        track=track.number,
        scene=scene,
        name=f"{track.name} in scene {scene}",
        part=track.part,
        is_audio=track.is_audio,
        made=made,
        clip_name=track.clip_name(scene),
    )


def _shown_clip(situation: Situation, command: Command) -> ClipTarget:
    view = situation.view
    shown, track = view.shown, view.track_at(view.track)
    if shown is None:
        if track is not None and view.scene in track.clips:
            return _target_on(situation, track, view.scene)
        raise ask("Which clip? Click one, or say its part.", command, "target")
    track = view.track_at(shown.track)
    if track is not None and shown.scene in track.clips:
        return _target_on(situation, track, shown.scene)
    # In the Arrangement, where only Detail View identifies the clip.
    name = shown.name or (f"{track.name} in the Arrangement" if track else "the clip")
    return ClipTarget(track=0, scene=0, name=name, part=track.part if track else "", is_audio=shown.is_audio)


def _it(situation: Situation, command: Command) -> ClipTarget:
    """Return the clip made last, or that of the track touched last."""
    slots, view, made = command.slots, situation.view, situation.remembered.it
    if slots.scene:
        scene = find_scene(situation, command, may_be_new=False)
        there = [track for track in view.tracks if scene in track.clips]
        again = [track for track in there if made and track.number == made.track]
        if not there:
            raise refusal(f"There is no clip in scene {scene}.")
        return _target_on(situation, _one_of(again or there, command), scene)
    if made is None:
        return _shown_clip(situation, command)
    clip_target = _clip_of_made(situation, made, made.action.parts[0] if len(made.action.parts) == 1 else "")
    if clip_target is not None:
        return clip_target
    tracks = [track for track in view.tracks if track.number in made.action.tracks and track.clips]
    if tracks:
        return _clip_on_track(situation, command, _one_of(tracks, command))
    if made.action.makes_clips and (len(made.action.parts) > 1 or BAND in made.action.parts):
        raise ask("Which part of it?", command, "target")
    newest = situation.remembered.clip
    clip_target = _clip_of_made(situation, newest, "") if newest and newest is not made else None
    return clip_target or _shown_clip(situation, command)


def _clip_of_made(situation: Situation, made: DoneAction, part: str) -> ClipTarget | None:
    """Return the clip of a part that was made, if it is still there."""
    view = situation.view
    if len(made.action.parts) <= 1 and BAND not in made.action.parts:
        track = view.track_at(made.track)
        return _target_on(situation, track, made.scene) if track and made.scene in track.clips else None
    there = [track for track in view.tracks if part and track.part == part and made.scene in track.clips]
    own = [track for track in there if track.is_own] or there
    return _target_on(situation, own[0], made.scene) if own else None


def _track_with_clip(situation: Situation, command: Command, target: str) -> TrackView:
    view, slots = situation.view, command.slots
    named = [track for track in _tracks_called(situation, target) if track.clips]
    if slots.scene:
        scene = find_scene(situation, command, may_be_new=False)
        named = [track for track in named if scene in track.clips] or named
    else:
        named = [track for track in named if view.scene in track.clips] or named
    if not named:
        raise _nothing_called(situation, command, target)
    return _one_of(named, command)


def _track_of(situation: Situation, command: Command, target: str) -> TrackView:
    named = _tracks_called(situation, target)
    if not named:
        raise _nothing_called(situation, command, target)
    made = situation.remembered.newest(target)
    newest = [track for track in named if made and track.number == made.track]
    return _one_of(newest or named, command)


def _tracks_called(situation: Situation, target: str) -> list[TrackView]:
    """Return the tracks that play a part, or else those with that name, in full or in part."""
    tracks = situation.view.tracks
    words = target.lower().split()
    return (
        [track for track in tracks if track.name.lower() == target.lower()]
        or [track for track in tracks if target in PARTS and track.part == target]
        or [track for track in tracks if words and _has_words(track.name, words)]
    )


def _has_words(name: str, words: Sequence[str]) -> bool:
    of_name = name.lower().replace("-", " ").replace("_", " ").split()
    return all(word in of_name for word in words)


def _nothing_called(situation: Situation, command: Command, target: str) -> UnclearError:
    if target in PARTS:
        name = name_part(target)
        none, some = ("There are no", "some") if target in PLURALS else ("There is no", "one")
        if command.intent not in (Intent.CHANGE, Intent.AGAIN):
            return refusal(
                f"{none} {name} to {command.intent.value}."
                if command.intent in NAMED_AS_THEY_ARE
                else f"{none} {name} yet."
            )
        slots = Slots(parts=(target,), changes=command.slots.changes, style=command.slots.style)
        play = Command(text=f"play {name}", intent=Intent.PLAY, slots=slots)
        return ask(f"{none} {name} yet. Shall I play {some}?", play, "style")
    names = ", ".join(track.name for track in situation.view.tracks[:MOST_NAMED])
    if not names:
        return refusal(f"There is no track “{target}”: the set has no tracks.")
    more = ", …" if len(situation.view.tracks) > MOST_NAMED else ""
    return ask(f"There is no track “{target}”. Which one: {names}{more}?", with_slots(command, target=""), "target")


def _one_of(tracks: Sequence[TrackView], command: Command) -> TrackView:
    """Return the only track, or ask which one is meant; tracks of the same name are told apart by number."""
    if len(tracks) == 1:
        return tracks[0]
    listed = " or ".join(f"track {track.number}, {track.name}" for track in tracks[:MOST_NAMED])
    raise ask(f"Which one: {listed}?", command, "track")


def _track_by_number(situation: Situation, command: Command, number: int) -> TrackView:
    track = situation.view.track_at(number)
    if track is None:
        if not number:
            raise ask(f"{_verb(command)} what? No track is selected.", command, "target")
        raise ask(f"There {_are(len(situation.view.tracks), 'track')}: which one?", command, "track")
    return track


def _target(slots: Slots) -> str:
    """Return the target of a request; a part counts where no target is named."""
    several = slots.parts or slots.targets
    return slots.target or (several[0] if len(several) == 1 else BAND if several else "")


def _part(target: str) -> str:
    return target if target in PARTS else ""


def _number(scene: str) -> int:
    return min(9999, int(scene)) if scene.isdecimal() and len(scene) < 6 else 0


def _are(count: int, thing: str) -> str:
    return f"is 1 {thing}" if count == 1 else f"are {count} {thing}s"


def _verb(command: Command) -> str:
    return command.intent.value.capitalize()
