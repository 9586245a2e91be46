"""The buttons of a stand-in for the device: a method for each, with the device's settings as its arguments."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from musearoo.bridge.core.events.effects import LongRequest
from musearoo.bridge.protocol import (
    Analyze,
    Answer,
    AskMidi,
    Audition,
    AutoSplit,
    BringBack,
    Cancel,
    Done,
    Failed,
    Generate,
    Heard,
    Imagine,
    Keep,
    KeepVersion,
    Level,
    Listen,
    Mix,
    PlayAmbience,
    PlayJam,
    Please,
    Progress,
    Refine,
    SayText,
    SelfTest,
    Split,
    Talk,
    Told,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message

WRITABLE = ("tempo", "meter", "scale", "warp", "locators", "name")
"""What an analysis can write into the set, in the order of the message."""

Request = (
    Generate
    | Refine
    | WriteSong
    | Mix
    | LongRequest
    | Audition
    | Keep
    | PlayJam
    | PlayAmbience
    | Undo
    | Talk
    | SayText
    | SelfTest
)
"""The request that a press sends."""

Ending = Done | Heard | Answer | Failed
"""The message that ends a press."""


@dataclass(slots=True)
class Press:
    """One press as the device sees it; times are seconds of `time.perf_counter`."""

    request: Request
    pressed_at: float
    sent_at: float
    got_at: float | None = None
    answered_at: float | None = None
    answer: Ending | None = None
    told: list[Told] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    pleases: list[Please] = field(default_factory=list)


class DevicePresses:
    """The user actions on a device. The subclass knows its session and sends the messages."""

    def __init__(self) -> None:
        self.session = 0
        self.presses: dict[int, Press] = {}

    def send(self, message: Message) -> None:
        """Send one message to the daemon."""
        raise NotImplementedError

    def press(
        self,
        engine: str,
        *,
        style: str = "",
        bars: int = 8,
        seed: int = -1,
        complexity: float = 0.5,
        density: float = 0.5,
        humanise: float = 0.5,
        swing: float = 0.0,
        key: str = "",
        options: str = "",
        track: int = -1,
        scene: int = -1,
        replace: bool = False,
        chords: str = "",
        changes: str = "",
        takes: int = 1,
        bpm: float = 0.0,
        hear: bool = False,
        to_played: str = "",
    ) -> Press:
        """Press Generate; the answer arrives in `wait_for` or any other wait.

        With `hear` the take is auditioned before it is written; `to_played` is its relation to the captured playing.
        """
        number = len(self.presses) + 1
        request = Generate(
            session=self.session,
            press=number,
            engine=engine,
            style=style,
            bars=bars,
            seed=seed,
            complexity=complexity,
            density=density,
            humanise=humanise,
            swing=swing,
            key=key,
            options=options,
            track=track,
            scene=scene,
            replace=int(replace),
            chords=chords,
            changes=changes,
            takes=takes,
            bpm=bpm,
            hear=int(hear),
            to_played=to_played,
        )
        return self._press(request)

    def refine(
        self,
        changes: str = "",
        *,
        style: str = "",
        bars: tuple[int, int] = (0, 0),
        vary_bars: int = 0,
        take: int = 0,
        seed: int = -1,
        track: int = -1,
        scene: int = -1,
        replace: bool = False,
        takes: int = 1,
        hear: bool = False,
    ) -> Press:
        """Press Again, Simpler, Busier or another button that changes a clip; with `hear` it is auditioned first."""
        request = Refine(
            self.session,
            len(self.presses) + 1,
            changes,
            style,
            *bars,
            vary_bars,
            take,
            seed,
            track,
            scene,
            int(replace),
            takes,
            int(hear),
        )
        return self._press(request)

    def hear_clip(self, track: int = -1, scene: int = -1) -> Press:
        """Audition a MIDI clip of the set."""
        return self._press(Audition(self.session, len(self.presses) + 1, 1, track, scene))

    def drop(self) -> Press:
        """Press Drop, which discards the auditioned take."""
        return self._press(Audition(self.session, len(self.presses) + 1, 0, -1, -1))

    def keep(
        self, bars: int = 0, *, strength: float = 1.0, track: int = -1, scene: int = -1, replace: bool = False
    ) -> Press:
        """Press Keep, for the auditioned take, or for the last `bars` of playing; -1 for the last phrase."""
        return self._press(
            Keep(self.session, len(self.presses) + 1, bars, strength, track, scene, int(replace)),
        )

    def jam(
        self,
        on: bool = True,
        *,
        bars: int = 4,
        who: str = "",
        style: str = "",
        complexity: float = 0.5,
        seed: int = -1,
    ) -> Press:
        """Set the Jam toggle."""
        return self._press(
            PlayJam(self.session, len(self.presses) + 1, int(on), bars, who, style, complexity, seed),
        )

    def ambience_press(
        self,
        on: bool = True,
        *,
        preset: str = "",
        out: str = "",
        key: str = "",
        mood: str = "",
        brightness: float = -1.0,
        follow: int = -1,
        seed: int = -1,
    ) -> Press:
        """Begin endless music, steer it, or end it."""
        return self._press(
            PlayAmbience(
                session=self.session,
                press=len(self.presses) + 1,
                on=int(on),
                preset=preset,
                out=out,
                key=key,
                mood=mood,
                bpm=0.0,
                density=-1.0,
                brightness=brightness,
                motion=-1.0,
                space=-1.0,
                follow=follow,
                seed=seed,
            )
        )

    def ask_midi(self) -> None:
        """Request the state of live MIDI; `midi` has the last one received."""
        self.send(AskMidi(self.session))

    def song(
        self,
        *,
        style: str = "",
        form: str = "",
        seconds: float = 60.0,
        seed: int = -1,
        complexity: float = 0.5,
        key: str = "",
        on_timeline: bool = False,
    ) -> Press:
        """Presses Song."""
        number = len(self.presses) + 1
        return self._press(
            WriteSong(self.session, number, style, form, seconds, seed, complexity, key, int(on_timeline))
        )

    def mix(self, *, style: str = "", pinned: str = "", write: bool = True) -> Press:
        """Presses Mix."""
        return self._press(Mix(self.session, len(self.presses) + 1, style, pinned, int(write)))

    def analyze(
        self,
        *,
        track: int = -1,
        scene: int = -1,
        deep: bool = False,
        write: Collection[str] = (),
    ) -> Press:
        """Press Analyse for a clip; `write`: the items of WRITABLE to write into the set."""
        flags = (int(name in write) for name in WRITABLE)
        return self._press(Analyze(self.session, len(self.presses) + 1, track, scene, int(deep), *flags))

    def split(
        self, *, track: int = -1, scene: int = -1, backend: str = "", stems: int = 4, mute: bool = False
    ) -> Press:
        """Presses Split for a clip."""
        return self._press(Split(self.session, len(self.presses) + 1, track, scene, backend, stems, int(mute)))

    def imagine(
        self,
        prompt: str = "",
        *,
        bars: int = 4,
        takes: int = 1,
        seed: int = -1,
        backend: str = "",
        model: str = "",
        key: str = "",
        style: str = "",
        follow: bool = True,
        use: int = 0,
        source: tuple[int, int] = (-1, -1),
        track: int = -1,
        scene: int = -1,
        replace: bool = False,
    ) -> Press:
        """Press Imagine; `use` 1 follows the melody of the clip at `source` (track, scene), 2 continues it."""
        return self._press(
            Imagine(
                self.session,
                len(self.presses) + 1,
                prompt,
                bars,
                takes,
                seed,
                backend,
                model,
                key,
                style,
                int(follow),
                use,
                *source,
                track,
                scene,
                int(replace),
            )
        )

    def listen(
        self,
        file: str,
        counter: int,
        song_beat: float | None = None,
        *,
        bars: int = 4,
        meter: tuple[int, int] = (4, 4),
        go_on: bool = False,
        prompt: str = "",
        length: int = 4,
    ) -> Press:
        """Press Listen for a ring buffer file in the welcome's folder; `go_on` continues it.

        `song_beat` is the song's position in quarter notes, None if Live does not report it.
        """
        beat, hundredths = (-1, 0) if song_beat is None else divmod(int(song_beat * 100), 100)
        return self._press(
            Listen(
                self.session,
                len(self.presses) + 1,
                file,
                bars,
                counter,
                beat,
                hundredths,
                *meter,
                int(go_on),
                prompt,
                length,
            )
        )

    def keep_version(self, name: str = "") -> Press:
        """Press Keep this idea."""
        return self._press(KeepVersion(self.session, len(self.presses) + 1, name))

    def bring_back(self, version: str, part: str = "all", which: str = "") -> Press:
        """Press Back to."""
        return self._press(BringBack(self.session, len(self.presses) + 1, version, part, which))

    def undo(self) -> Press:
        """Presses Undo."""
        return self._press(Undo(self.session, len(self.presses) + 1))

    def say(self, text: str) -> Press:
        """Send a sentence to RooAroo."""
        return self._press(SayText(self.session, len(self.presses) + 1, text))

    def self_test(self, results: str) -> Press:
        """Press Self-test; `results` are its checks, `name=ok` or an error, separated by semicolons."""
        return self._press(SelfTest(self.session, len(self.presses) + 1, results))

    def auto_split(self, track: int, on: bool = True, *, backend: str = "", stems: int = 4, mute: bool = False) -> None:
        """Set the Auto-split toggle for a track."""
        self.send(AutoSplit(self.session, track, int(on), backend, stems, int(mute)))

    def cancel_arrivals(self) -> None:
        """Request the cancellation of automatic jobs."""
        self.send(Cancel(self.session, 0))

    def cancel(self, press: Press) -> None:
        """Request the cancellation of a press."""
        self.send(Cancel(self.session, press.request.press))

    def _press(self, request: Request) -> Press:
        now = time.perf_counter()
        press = Press(request, now, now)
        self.presses[request.press] = press
        self.send(request)
        return press
