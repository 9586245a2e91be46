"""The presses of a stand-in for the device: a method for each button, with the device's settings as its arguments."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from musearoo.bridge.core.effects import LongRequest
from musearoo.bridge.protocol import (
    Analyze,
    Answer,
    AskMidi,
    Audition,
    AutoSplit,
    Cancel,
    Done,
    Failed,
    Generate,
    Heard,
    Imagine,
    Keep,
    Level,
    Listen,
    Mix,
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
    Generate | Refine | WriteSong | Mix | LongRequest | Audition | Keep | PlayJam | Undo | Talk | SayText | SelfTest
)
"""What a press sends."""

Ending = Done | Heard | Answer | Failed
"""What a press is ended by."""


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
    """What a hand can do on a device. Who inherits it knows its session and sends."""

    def __init__(self) -> None:
        self.session = 0
        self.presses: dict[int, Press] = {}

    def send(self, message: Message) -> None:
        """Sends one message to the daemon."""
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
        """Presses Generate; the answer comes by `wait_for` or while anything else is waited for.

        With `hear` it is heard before it is written; `to_played` is what it is to what was played in.
        """
        number = len(self.presses) + 1
        request = Generate(
            *(self.session, number, engine, style, bars, seed, complexity, density, humanise, swing, key, options),
            *(track, scene, int(replace), chords, changes, takes, bpm, int(hear), to_played),
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
        """Presses Again, Simpler, Busier or anything else that changes a clip; with `hear` it is heard first."""
        request = Refine(
            *(self.session, len(self.presses) + 1, changes, style, *bars, vary_bars, take, seed),
            *(track, scene, int(replace), takes, int(hear)),
        )
        return self._press(request)

    def hear_clip(self, track: int = -1, scene: int = -1) -> Press:
        """Has a MIDI clip of the set heard as a take is."""
        return self._press(Audition(self.session, len(self.presses) + 1, 1, track, scene))

    def drop(self) -> Press:
        """Presses Drop: what is heard is forgotten."""
        return self._press(Audition(self.session, len(self.presses) + 1, 0, -1, -1))

    def keep(
        self, bars: int = 0, *, strength: float = 1.0, track: int = -1, scene: int = -1, replace: bool = False
    ) -> Press:
        """Presses Keep, for what is heard, or for the last `bars` that were played in; -1 for the last phrase."""
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
        """Turns the Jam toggle."""
        return self._press(
            PlayJam(self.session, len(self.presses) + 1, int(on), bars, who, style, complexity, seed),
        )

    def ask_midi(self) -> None:
        """Asks how live MIDI is; `midi` holds what was told last."""
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
        """Presses Analyse for a clip; `write`: what of WRITABLE goes into the set."""
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
        """Presses Imagine; `use` 1 follows the tune of the clip at `source` (track, scene), 2 continues it."""
        return self._press(
            Imagine(
                *(self.session, len(self.presses) + 1, prompt, bars, takes, seed, backend, model, key, style),
                *(int(follow), use, *source, track, scene, int(replace)),
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
        """Presses Listen: the ring lies in a file of the folder that the welcome named; `go_on` has it continued.

        `song_beat` is the song's position in quarter notes, None where Live does not tell it.
        """
        beat, hundredths = (-1, 0) if song_beat is None else divmod(int(song_beat * 100), 100)
        return self._press(
            Listen(
                *(self.session, len(self.presses) + 1, file, bars, counter, beat, hundredths, *meter),
                *(int(go_on), prompt, length),
            )
        )

    def undo(self) -> Press:
        """Presses Undo."""
        return self._press(Undo(self.session, len(self.presses) + 1))

    def say(self, text: str) -> Press:
        """Writes a sentence to RooAroo."""
        return self._press(SayText(self.session, len(self.presses) + 1, text))

    def self_test(self, results: str) -> Press:
        """Presses Self-test; `results` are its checks, `name=ok` or what is wrong, semicolons between."""
        return self._press(SelfTest(self.session, len(self.presses) + 1, results))

    def auto_split(self, track: int, on: bool = True, *, backend: str = "", stems: int = 4, mute: bool = False) -> None:
        """Turns the Auto-split toggle for a track."""
        self.send(AutoSplit(self.session, track, int(on), backend, stems, int(mute)))

    def cancel_arrivals(self) -> None:
        """Asks to take back what began by itself."""
        self.send(Cancel(self.session, 0))

    def cancel(self, press: Press) -> None:
        """Asks to take a press back."""
        self.send(Cancel(self.session, press.request.press))

    def _press(self, request: Request) -> Press:
        now = time.perf_counter()
        press = Press(request, now, now)
        self.presses[request.press] = press
        self.send(request)
        return press
