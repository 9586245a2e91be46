"""A Live set to talk in, whose deeds are done at once: what tests of conversations share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from musearoo.engines.language.copilot.respond import hint_after, respond
from musearoo.engines.language.requests.actions import Deed
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.requests.replies import Act, Ask, Reply, Tell
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
    """A track with clips in some scenes."""
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
    """A set and a conversation in it: every deed is done as it would be, into the next free slot."""

    def __init__(self, view: SetView = EMPTY) -> None:
        self.view = view
        self.memory = Memory()
        self.now = 100.0
        self.deeds: list[Deed] = []
        self.requests = 0
        self.suffix = ""
        """What the names of clips have behind the labels of their deeds."""
        self.reply: Reply = Tell("")

    def say(self, intent: Intent, *, confidence: float = 1.0, text: str = "", **slots: Any) -> Reply:
        """What RooAroo answers, half a minute at most after the sentence before; deeds are done at once."""
        self.ask(intent, confidence=confidence, text=text, **slots)
        if isinstance(self.reply, Act):
            self.do(self.reply.deed)
        return self.reply

    def ask(self, intent: Intent, *, confidence: float = 1.0, text: str = "", **slots: Any) -> Reply:
        """What RooAroo answers, without its being done."""
        self.now += 5.0
        command = Command(text=text or intent.value, intent=intent, slots=Slots(**slots), confidence=confidence)
        answered = respond(self.memory, self.view, command, self.now, STYLES)
        self.memory, self.reply = answered
        return self.reply

    def hint(self) -> str:
        """The hint after the last deed."""
        self.memory, hint = hint_after(self.memory, self.view, self.now, STYLES)
        return hint

    def fail(self) -> None:
        """The last deed could not be done."""
        assert isinstance(self.reply, Act)
        self.memory = note_failed(self.memory, self.view.set, self.reply.deed)

    def do(self, deed: Deed) -> None:
        """A deed done in the set, as by a button or by voice."""
        self.deeds.append(deed)
        if deed.intent is Intent.UNDO:
            self._undo(deed)
            return
        self.requests += 1
        track_number, scene = deed.track, deed.scene
        if deed.makes_clips:
            track_number, scene = self._write(deed)
        elif deed.intent is Intent.DELETE:
            self._delete(deed)
        elif deed.intent in SWITCHES:
            self._switch(deed)
        self.memory = note_done(
            *(self.memory, self.view.set, deed),
            request=f"r{self.requests}",
            name=f"{deed.label}{self.suffix}",
            track=track_number,
            scene=scene,
            now=self.now,
        )
        self.hint()

    def _write(self, deed: Deed) -> tuple[int, int]:
        number = deed.track
        if deed.intent is Intent.PLAY and not number:
            number = self._own_track(deed.parts[0])
        there = self.view.track_at(number)
        if there is None:
            return 0, 0
        scene = deed.scene or self.view.scene
        while scene in there.clips and not deed.replace:
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

    def _undo(self, deed: Deed) -> None:
        made = self.memory.of(self.view.set).made
        gone = next((one for one in made if one.request == deed.request), made[-1] if made else None)
        if gone is not None:
            there = self.view.track_at(gone.track)
            if there is not None:
                self._put(replace(there, clips=there.clips - {gone.scene}))
            self.memory = note_undone(self.memory, self.view.set, gone.request, self.now)

    def _delete(self, deed: Deed) -> None:
        there = self.view.track_at(deed.track)
        if deed.what == "clip" and there is not None:
            self._put(replace(there, clips=there.clips - {deed.scene}))
        elif deed.what == "track":
            left = [one for one in self.view.tracks if one.number != deed.track]
            tracks = tuple(replace(one, number=number) for number, one in enumerate(left, 1))
            self.view = replace(self.view, tracks=tracks)

    def _switch(self, deed: Deed) -> None:
        for number in deed.tracks:
            there = self.view.track_at(number)
            if there is not None and deed.intent in (Intent.MUTE, Intent.UNMUTE):
                self._put(replace(there, muted=deed.intent is Intent.MUTE))
            elif there is not None:
                self._put(replace(there, soloed=deed.intent is Intent.SOLO))


def deed_of(reply: Reply) -> Deed:
    """The deed of an answer that is one."""
    assert isinstance(reply, Act), reply
    return reply.deed


def question_of(reply: Reply) -> str:
    """The sentence of an answer that is a question."""
    assert isinstance(reply, Ask), reply
    return reply.sentence


def words_of(reply: Reply) -> str:
    """The sentence of an answer in words."""
    assert isinstance(reply, Tell), reply
    return reply.sentence
