"""A simulated Live set for conversations, in which actions are done at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.respond import hint_after, respond
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.requests.replies import Act, Answer, Ask, Reply
from musearoo.engines.language.state.memory import Memory, note_done, note_failed, note_undone
from musearoo.engines.language.state.view import ClipView, SetView, TrackView
from tests.engines.presets_on_disk import STYLES

SWITCHES = (Intent.MUTE, Intent.UNMUTE, Intent.SOLO, Intent.UNSOLO)
OWN_TRACKS = {
    "drums": "DrummaRoo",
    "bass": "BassaRoo",
    "harmony": "HarmonyRoo",
    "melody": "MelodyRoo",
    "atmosphere": "AtmosRoo",
}


def track(number: int, name: str, part: str = "", *scenes: int, audio: bool = False, own: bool = False) -> TrackView:
    """Return a track with clips in some scenes."""
    return TrackView(
        number=number,
        name=name,
        kind="audio" if audio else "midi",
        part=part,
        clips=frozenset(scenes),
        is_own=own,
    )


EMPTY = SetView(set="one", scenes=4, scene=1)
BAND = replace(
    EMPTY,
    tracks=(
        track(1, "Drums", "drums", 1, 2),
        track(2, "Sub Bass", "bass", 1),
        track(3, "Keys", "harmony", 1),
        track(4, "Vocals", "melody", 1, audio=True),
    ),
    track=2,
    shown=ClipView(track=3, scene=1, name="Verse"),
)


class Studio:
    """A set with a conversation about it: every action is done, into the next free slot."""

    def __init__(self, view: SetView = EMPTY) -> None:
        self.view = view
        self.memory = Memory()
        self.now = 100.0
        self.actions: list[SetAction] = []
        self.requests = 0
        self.suffix = ""
        """Suffix of clip names, after the label of their action."""
        self.reply: Reply = Answer("")

    def say(self, intent: Intent, *, confidence: float = 1.0, text: str = "", **slots: Any) -> Reply:
        """Return RooAroo's reply, at most half a minute after the last sentence; actions are done at once."""
        self.ask(intent, confidence=confidence, text=text, **slots)
        if isinstance(self.reply, Act):
            self.do(self.reply.action)
        return self.reply

    def ask(self, intent: Intent, *, confidence: float = 1.0, text: str = "", **slots: Any) -> Reply:
        """Return RooAroo's reply without doing it."""
        self.now += 5.0
        command = Command(text=text or intent.value, intent=intent, slots=Slots(**slots), confidence=confidence)
        answered = respond(self.memory, self.view, command, self.now, STYLES)
        self.memory, self.reply = answered
        return self.reply

    def hint(self) -> str:
        """Return the hint after the last action."""
        self.memory, hint = hint_after(self.memory, self.view, self.now, STYLES)
        return hint

    def fail(self) -> None:
        """Let the last action fail."""
        assert isinstance(self.reply, Act)
        self.memory = note_failed(self.memory, self.view.set, self.reply.action)

    def do(self, action: SetAction) -> None:
        """Do an action in the set, as by a button or by voice."""
        self.actions.append(action)
        if action.intent is Intent.UNDO:
            self._undo(action)
            return
        self.requests += 1
        track_number, scene = action.track, action.scene
        if action.makes_clips:
            track_number, scene = self._write(action)
        elif action.intent is Intent.DELETE:
            self._delete(action)
        elif action.intent in SWITCHES:
            self._switch(action)
        self.memory = note_done(
            self.memory,
            self.view.set,
            action,
            request=f"r{self.requests}",
            name=f"{action.label}{self.suffix}",
            track=track_number,
            scene=scene,
            now=self.now,
        )
        self.hint()

    def _write(self, action: SetAction) -> tuple[int, int]:
        number = action.track
        if action.intent is Intent.PLAY and not number:
            number = self._own_track(action.parts[0])
        there = self.view.track_at(number)
        if there is None:
            return 0, 0
        scene = action.scene or self.view.scene
        while scene in there.clips and not action.replace:
            scene += 1
        self._put(replace(there, clips=there.clips | {scene}))
        self.view = replace(self.view, scenes=max(self.view.scenes, scene))
        return number, scene

    def _own_track(self, part: str) -> int:
        name = OWN_TRACKS.get(part, "Band")
        own = [track for track in self.view.tracks if track.name == name]
        if not own:
            new = track(len(self.view.tracks) + 1, name, part, own=True)
            self.view = replace(self.view, tracks=(*self.view.tracks, new))
            return new.number
        return own[0].number

    def _put(self, changed: TrackView) -> None:
        tracks = tuple(changed if one.number == changed.number else one for one in self.view.tracks)
        self.view = replace(self.view, tracks=tracks)

    def _undo(self, action: SetAction) -> None:
        made = self.memory.of(self.view.set).made
        gone = next((one for one in made if one.request == action.request), made[-1] if made else None)
        if gone is not None:
            there = self.view.track_at(gone.track)
            if there is not None:
                self._put(replace(there, clips=there.clips - {gone.scene}))
            self.memory = note_undone(self.memory, self.view.set, gone.request, self.now)

    def _delete(self, action: SetAction) -> None:
        there = self.view.track_at(action.track)
        if action.what == "clip" and there is not None:
            self._put(replace(there, clips=there.clips - {action.scene}))
        elif action.what == "track":
            left = [one for one in self.view.tracks if one.number != action.track]
            tracks = tuple(replace(one, number=number) for number, one in enumerate(left, 1))
            self.view = replace(self.view, tracks=tracks)

    def _switch(self, action: SetAction) -> None:
        for number in action.tracks:
            there = self.view.track_at(number)
            if there is not None and action.intent in (Intent.MUTE, Intent.UNMUTE):
                self._put(replace(there, muted=action.intent is Intent.MUTE))
            elif there is not None:
                self._put(replace(there, soloed=action.intent is Intent.SOLO))


def action_of(reply: Reply) -> SetAction:
    """Return the action of a reply."""
    assert isinstance(reply, Act), reply
    return reply.action


def question_of(reply: Reply) -> str:
    """Return the sentence of a question."""
    assert isinstance(reply, Ask), reply
    return reply.sentence


def words_of(reply: Reply) -> str:
    """Return the sentence of an answer."""
    assert isinstance(reply, Answer), reply
    return reply.sentence
