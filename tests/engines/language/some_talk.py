"""Conversations for snapshots: likely sentences in likely sets, with a few odd ones among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from random import Random
from typing import Any

from musearoo.engines.language.requests.actions import PART_NAMES, SetAction
from musearoo.engines.language.requests.commands import CHANGES, DEGREES, PARTS, TO_PLAYED, Intent
from musearoo.engines.language.requests.replies import Act, Ask, Question
from musearoo.engines.language.requests.slots import filled_slots
from musearoo.engines.language.state.memory import Memory, note_not_kept
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, learn
from musearoo.engines.language.state.view import AuditionedTake, ClipView, PlayAlongView, SetView, TrackView
from tests.engines.language.studio import OWN_TRACKS, Studio
from tests.engines.presets_on_disk import STYLES

KEYS = ("D minor", "F# dorian", "Bb major", "A minor", "E minor pentatonic")
NAMES = ("Drums", "Sub Bass", "Keys", "Vox", "Lead-Guitar", "BassaRoo", "DrummaRoo", "1-MIDI", "Loop · Bass", "")
SLOTS: dict[Intent, str] = {
    Intent.PLAY: "parts parts parts style style bars key chords numerals bpm takes changes changes than manner like "
    "track scene scene replace hear to_played",
    Intent.SONG: "style seconds key changes where",
    Intent.MIX: "style",
    Intent.CHANGE: "target target targets changes changes changes than style first_bar last_bar takes track scene "
    "replace",
    Intent.AGAIN: "target takes track scene parts",
    Intent.BACK: "",
    Intent.UNDO: "",
    Intent.KEEP: "target targets track",
    Intent.ANALYSE: "target track scene deep",
    Intent.SPLIT: "target track scene stems",
    Intent.AUTO_SPLIT: "on",
    Intent.LISTEN: "bars go_on",
    Intent.HEAR: "target track scene on",
    Intent.CAPTURE: "bars track scene replace",
    Intent.JAM: "on bars parts style changes",
    Intent.AMBIENCE: "on preset mood changes key bpm follow",
    Intent.IMAGINE: "prompt bars takes key track scene",
    Intent.MUTE: "target targets track",
    Intent.UNMUTE: "target targets track",
    Intent.SOLO: "target targets track",
    Intent.UNSOLO: "target targets track",
    Intent.LEVEL: "target targets track up degree",
    Intent.TEMPO: "bpm up degree",
    Intent.KEY: "key",
    Intent.DELETE: "target targets what track scene",
    Intent.FORGET: "target",
    Intent.HELP: "what",
    Intent.LIST: "what",
    Intent.TERMINAL: "what",
    Intent.ANSWER: "parts target targets style bars key chords numerals bpm takes changes manner like track scene "
    "what stems",
}
"""Slots of the sentences for each intent; repeated entries are more likely."""
THEMES: tuple[tuple[Intent, ...], ...] = (
    (Intent.PLAY, Intent.PLAY, Intent.PLAY, Intent.CHANGE, Intent.AGAIN, Intent.KEEP, Intent.UNDO, Intent.ANSWER),
    (Intent.PLAY, Intent.PLAY, Intent.ANSWER, Intent.ANSWER, Intent.FORGET, Intent.PREFERENCES, Intent.KEEP),
    (Intent.PLAY, Intent.CHANGE, Intent.CHANGE, Intent.AGAIN, Intent.BACK, Intent.BACK, Intent.UNDO, Intent.KEEP),
    (Intent.CHANGE, Intent.CHANGE, Intent.MUTE, Intent.LEVEL, Intent.SOLO, Intent.UNMUTE, Intent.UNSOLO),
    (Intent.PLAY, Intent.PLAY, Intent.DELETE, Intent.DELETE, Intent.DELETE, Intent.BACK, Intent.CHANGE, Intent.MUTE),
    (Intent.HEAR, Intent.HEAR, Intent.JAM, Intent.JAM, Intent.CAPTURE, Intent.KEEP, Intent.CANCEL, Intent.PLAY),
    (Intent.AMBIENCE, Intent.AMBIENCE, Intent.CHANGE, Intent.CHANGE, Intent.CANCEL, Intent.PLAY, Intent.KEY),
    (Intent.SPLIT, Intent.ANALYSE, Intent.LISTEN, Intent.SONG, Intent.IMAGINE, Intent.KEY, Intent.TEMPO, Intent.MIX),
    (Intent.SUGGEST, Intent.SUGGEST, Intent.SUGGEST, Intent.ANSWER, Intent.PLAY, Intent.MIX, Intent.ANALYSE),
)
"""The main topic of a conversation."""
NEEDED = {Intent.PLAY: "parts", Intent.CHANGE: "changes", Intent.KEY: "key", Intent.IMAGINE: "prompt"}
"""Intents common to all topics."""
VALUES: dict[str, Sequence[Any]] = {
    "parts": (
        *[(part,) for part in PARTS],
        *(("bass",), ("drums", "bass"), ("harmony", "bass", "harmony"), ("band",), ("bass", "band"), ("zither",)),
    ),
    "target": (*PARTS, *PARTS, "band", "clip", "track", "vox", "guitar lead", "keys", "nobody", "bassaroo"),
    "targets": (
        *(("bass", "drums"), ("harmony", "melody"), ("track 1", "track 2"), ("bass", "track 1", "keys")),
        *(("track 2", "nobody"), ("band", "track 9"), ("bass", "bass"), ("track 12345", "bass")),
    ),
    "style": ("funk", "bossa nova", "reggae", "jazz", "techno", "zydeco"),
    "bars": (1, 2, 4, 8, 9, 16, 17, 32, 33, 64),
    "seconds": (14, 15, 30, 59, 60, 61, 90, 120, 180, 600),
    "key": (*KEYS, "H dur"),
    "chords": ("Dm7 G7", "Am F | C G", "Xm", "|", "N.C.", "Am " * 53, "Am " * 54),
    "numerals": ("2 5 1", "ii7 V7 Imaj7", "I Xm", "9"),
    "bpm": (19.9, 20.0, 92.5, 120.0, 998.0, 999.0),
    "takes": (1, 2, 4, 8),
    "than": PARTS,
    "manner": ("walking", "pedal", "crawling"),
    "like": ("last",),
    "first_bar": (1, 3, 5, 9),
    "last_bar": (1, 3, 4, 8),
    "track": (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 99),
    "scene": ("this", "this", "next", "next", "new", "new", *"1122233", "4", "9", "0", "x", "99999", "100000"),
    "where": ("scenes", "timeline", "nowhere"),
    "replace": (True,),
    "stems": (4, 5, 6),
    "deep": (True,),
    "on": (True, False, False),
    "go_on": (True,),
    "hear": (True,),
    "to_played": (*TO_PLAYED, "backwards"),
    "prompt": ("warm dub chords", "a choir in rain", "x" * 400, "x" * 401),
    "up": (True, False),
    "degree": DEGREES,
    "preset": ("drift", "night bus"),
    "mood": ("calm", "sad"),
    "follow": (True,),
    "what": ("clip", "track", "scene", "styles", "engines", "mix", "play", "learn", "bench", "world"),
}


def keep_conversation(seed: int, turns: int, numbers: dict[str, int]) -> tuple[Any, ...]:
    """Return the outcome of a conversation, turn by turn; `numbers` are those of the messages met so far."""
    chance = Random(seed)
    theme = THEMES[seed % len(THEMES)]
    studio = Studio(some_set(chance))
    studio.suffix = " so named"
    studio.memory = Memory(preferences=some_preferences(chance))
    kept: list[Any] = [_turn(studio, theme, chance, numbers) for _ in range(turns)]
    known = studio.memory.of(studio.view.set)
    kept.append(
        tuple((m.action.intent.name, m.action.parts, m.track, m.scene, m.kept, _amounts(m.action)) for m in known.made)
    )
    kept.append((known.unhinted, tuple((name, o.made, o.taken) for name, o in sorted(known.offers.items()))))
    kept.append(
        tuple(
            (part, tastes.kept, tastes.undone, trait, value, round(taste.kept, 2), round(taste.undone, 2))
            for part, tastes in studio.memory.preferences.parts.items()
            for trait, values in tastes.traits.items()
            for value, taste in values.items()
        )
    )
    return tuple(kept)


def _turn(studio: Studio, theme: Sequence[Intent], chance: Random, numbers: dict[str, int]) -> tuple[Any, ...]:
    if chance.random() < 0.12:
        studio.view = changed_set(chance, studio.view)
    studio.now += chance.choice((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0, 55.0, 55.1, 295.0))
    question = studio.memory.of(studio.view.set).open_question(studio.now + 5.0)
    intent, slots = some_request(chance, theme, question)
    confidence = chance.choice((*[1.0] * 40, 0.5, 0.49, 0.25, 0.24))
    text = chance.choice(("", "", "play it in 7/8", "well"))
    reply = studio.ask(intent, confidence=confidence, text=text, **slots)
    known = studio.memory.of(studio.view.set)
    outcome: list[Any] = [type(reply).__name__, which_message(reply.sentence, studio.view, numbers)]
    if isinstance(reply, Act):
        outcome.append(brief_action(reply.action))
        outcome.append(_follow(studio, reply.action, chance))
        hint = studio.hint()
        outcome.append(which_message(hint, studio.view, numbers) if hint else ())
    elif isinstance(reply, Ask) and known.question is not None:
        asked = known.question
        meant = asked.command
        outcome.append((asked.slot, asked.destroys, asked.suggestion, meant.intent.name, filled_slots(meant.slots)))
    else:
        outcome.append(getattr(reply, "is_lost", None))
    known = studio.memory.of(studio.view.set)
    it, clip = known.it, known.clip
    outcome.append((known.focus, len(known.turns), it and it.request, clip and clip.request, known.undone is not None))
    return tuple(outcome)


def _follow(studio: Studio, action: SetAction, chance: Random) -> str:
    """Simulate what happens to an action: mostly it is done."""
    along = studio.view.along
    if action.hear and along is not None and chance.random() < 0.8:
        audition = AuditionedTake(name="take", action=action, at=studio.now)
        studio.view = replace(studio.view, along=replace(along, audition=audition, is_making=False))
        return "heard"
    if action.intent is Intent.KEEP and along is not None and along.audition is not None:
        studio.view = replace(studio.view, along=replace(along, audition=None))
        if along.audition.action is not None:
            studio.do(along.audition.action)
        return "kept"
    if action.intent is Intent.HEAR and along is not None:
        clip = AuditionedTake(name="clip", at=studio.now) if action.on else None
        studio.view = replace(studio.view, along=replace(along, audition=clip))
        return "heard or not"
    if action.intent is Intent.JAM and along is not None:
        studio.view = replace(studio.view, along=replace(along, jams=action.on, jam_bars=action.bars))
        return "jams"
    happens = chance.random()
    if happens < 0.85 or action.intent is Intent.UNDO:
        studio.do(action)
        if happens < 0.05:
            studio.memory = note_not_kept(studio.memory, studio.view.set, ("r1", "r3"))
        return "done"
    if happens < 0.95:
        studio.fail()
        return "failed"
    return "forgotten"


def some_request(chance: Random, theme: Sequence[Intent], question: Question | None) -> tuple[Intent, dict[str, Any]]:
    """Return a likely sentence: an answer to an open question, else a request with some of its slots."""
    if question is not None and chance.random() < 0.65:
        answer = chance.random()
        if answer < 0.45:
            return Intent.YES, {}
        if answer < 0.55:
            return chance.choice((Intent.NO, Intent.CANCEL)), {}
        name = question.slot or "target"
        return Intent.ANSWER, _some_slots(chance, (name if chance.random() < 0.8 else "parts",))
    intent = chance.choice(theme) if chance.random() < 0.75 else chance.choice(tuple(Intent))
    names = SLOTS.get(intent, "").split()
    if not names:
        return intent, {}
    count = chance.choice((0, 1, 1, 2, 2, 3, 4))
    named = dict.fromkeys(chance.sample(names, min(count, len(names))))
    if intent in NEEDED and chance.random() < 0.85:
        named[NEEDED[intent]] = None
    return intent, _some_slots(chance, tuple(named))


def _some_slots(chance: Random, names: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in names:
        if name == "changes":
            changes = chance.sample(CHANGES, chance.choice((1, 1, 2)))
            given[name] = (*(f"{chance.choice(DEGREES)} {change}".strip() for change in changes),)
            if chance.random() < 0.06:
                given[name] = (*given[name], "purple")
        else:
            given[name] = chance.choice(VALUES[name])
    return given


def some_set(chance: Random) -> SetView:
    """Return a typical set, or none."""
    scenes = chance.choice((1, 2, 3, 4, 4))
    tracks = tuple(_some_track(chance, number, scenes) for number in range(1, chance.choice((1, 3, 4, 5, 5, 6, 6))))
    shown = ClipView(
        track=chance.randrange(len(tracks) + 1),
        scene=chance.randrange(scenes + 1),
        name=chance.choice(("", "Verse", "Loop")),
        is_audio=chance.random() < 0.4,
    )
    levels = (None, 0.0, 0.2, 0.35, 0.5, 0.7, 0.9, 1.3, -0.2)
    return SetView(
        set=chance.choice(("", "one", "one", "one", "one", "one", "one", "one")),
        tempo=chance.choice((20.0, 92.5, 120.0, 999.0)),
        key=chance.choice(("", "D dorian", "A minor", "Eb major")),
        key_confidence=chance.choice((0.2, 0.49, 0.5, 0.9)),
        chords=chance.choice(("", "Dm7 G7")),
        style=chance.choice(("", "funk", "gone")),
        style_confidence=chance.choice((0.49, 0.5, 0.9)),
        tracks=tracks,
        scenes=scenes,
        scene=chance.randrange(1, scenes + 1) if chance.random() < 0.95 else 0,
        track=chance.randrange(len(tracks) + 1),
        shown=shown if chance.random() < 0.5 else None,
        along=_some_along(chance) if chance.random() < 0.5 else None,
        measure=lambda track, scene: levels[(5 * track + 3 * scene) % len(levels)],
    )


def _some_track(chance: Random, number: int, scenes: int) -> TrackView:
    name = chance.choice(NAMES)
    clips = frozenset(scene for scene in range(1, scenes + 1) if chance.random() < 0.45)
    return TrackView(
        number=number,
        name=name,
        kind=chance.choice(("midi", "midi", "midi", "audio", "group")),
        part=chance.choice(("", *PARTS, *PARTS)),
        clips=clips,
        clip_names=tuple((scene, f"Take {scene}") for scene in sorted(clips) if chance.random() < 0.3),
        muted=chance.random() < 0.25,
        soloed=chance.random() < 0.2,
        is_own=name in OWN_TRACKS.values(),
    )


def _some_along(chance: Random) -> PlayAlongView:
    actions = (
        None,
        SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=4, hear=True),
        SetAction(intent=Intent.CHANGE, parts=("drums",), changes=("darker",), track=1, scene=1),
        SetAction(intent=Intent.CHANGE, changes=("less swing",) * 12, track=9),
    )
    audition = AuditionedTake(name="take", action=chance.choice(actions), at=chance.choice((104.0, 104.0, 1e9)))
    return PlayAlongView(
        problem="MIDI is off." if chance.random() < 0.08 else "",
        silent="No port." if chance.random() < 0.08 else "",
        has_input=chance.random() < 0.9,
        played=chance.choice((0, 1, 4, 20)),
        audition=audition if chance.random() < 0.6 else None,
        is_making=chance.random() < 0.1,
        jams=chance.random() < 0.3,
        jam_bars=chance.choice((2, 4, 8)),
        under_way=int(chance.random() < 0.2),
        is_passing=chance.random() < 0.08,
        written=chance.choice(("", "r1", "r2", "r3", "gone")),
        written_name="Played",
    )


def changed_set(chance: Random, view: SetView) -> SetView:
    """Return the set after its user selected, moved, renamed, muted or deleted something; or another set."""
    happens = chance.randrange(7)
    tracks = list(view.tracks)
    if happens == 0:
        return replace(
            view, scene=chance.randrange(1, max(2, view.scenes + 1)), track=chance.randrange(len(tracks) + 1)
        )
    if happens == 1 and tracks:
        # One track moves or is deleted, and numbers change.
        track = tracks.pop(chance.randrange(len(tracks)))
        if chance.random() < 0.6:
            tracks.insert(chance.randrange(len(tracks) + 1), track)
        return replace(view, tracks=tuple(replace(one, number=at) for at, one in enumerate(tracks, 1)))
    if happens == 2 and tracks:
        at = chance.randrange(len(tracks))
        tracks[at] = replace(tracks[at], name=chance.choice(NAMES), muted=not tracks[at].muted)
        return replace(view, tracks=tuple(tracks))
    if happens == 3:
        along = view.along or _some_along(chance)
        return replace(view, along=replace(along, audition=None, is_making=False, problem="", silent=""))
    if happens == 4:
        return replace(view, along=_some_along(chance))
    if happens == 5 and tracks:
        track = chance.choice(tracks)
        return replace(view, shown=ClipView(track=track.number, scene=min(track.clips, default=0), name="Shown"))
    return some_set(chance) if happens == 6 else replace(view, shown=None)


def some_preferences(chance: Random) -> Preferences:
    """Return the preferences of a user who kept similar takes of a part or two, or none."""
    found = NO_PREFERENCES
    for _ in range(chance.choice((0, 0, 1, 2))):
        changes = chance.choice(((), ("lower",), ("higher", "darker")))
        action = SetAction(
            intent=Intent.PLAY,
            parts=(chance.choice(("bass", "drums", "harmony")),),
            complexity=chance.choice((0.2, 0.4, 0.5, 0.85)),
            density=chance.choice((0.1, 0.5, 0.6)),
            swing=chance.choice((0.0, 1.0, 1.5)),
            style=chance.choice(("", "funk", "gone")),
            bars=chance.choice((0, 1, 4, 8)),
            changes=changes,
        )
        for _ in range(chance.choice((2, 3, 4))):
            found = learn(found, action, liked=chance.random() < 0.9)
    return found


_NUMBER = re.compile(r"\d+(?:[.:]\d+)?")
_QUOTED = re.compile("“[^”]*”")
_WORDS = sorted(
    {*PARTS, *PART_NAMES.values(), *CHANGES, *STYLES, *KEYS, *DEGREES, "D dorian", "A minor", "Eb major"} - {""},
    key=lambda word: (-len(word), word),
)
_NAMED = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in _WORDS), re.IGNORECASE)


def which_message(sentence: str, view: SetView, numbers: dict[str, int]) -> tuple[Any, ...]:
    """Return the message by its number, with the numbers and tracks in it; its wording is not kept."""
    names = sorted({track.name for track in view.tracks if track.name}, key=len, reverse=True)
    bare = _QUOTED.sub("“”", sentence)
    named = []
    for name in names:
        if name in bare:
            named.append(name)
            bare = bare.replace(name, "@")
    filled_slots = _NUMBER.findall(bare)
    bare = re.sub(r"[,\s]+", " ", _NAMED.sub("~", _NUMBER.sub("#", bare)).lower())
    return (numbers.setdefault(bare, len(numbers)), *sorted(named), *filled_slots)


def brief_action(action: SetAction) -> dict[str, Any]:
    """Return the fields of an action that differ from their defaults."""
    usual = SetAction(intent=action.intent)
    found = {field.name: getattr(action, field.name) for field in fields(action)}
    changed: Mapping[str, Any] = {name: value for name, value in found.items() if value != getattr(usual, name)}
    return {**changed, "intent": action.intent.name, "each": tuple(brief_action(one) for one in action.each)}


def _amounts(action: SetAction) -> tuple[float, ...]:
    return round(action.complexity, 3), round(action.density, 3), round(action.humanise, 3), round(action.swing, 3)
