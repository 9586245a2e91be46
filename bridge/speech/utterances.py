"""The speech process's loop: follow each utterance from the press of Talk to its transcript. Starts no process."""

from __future__ import annotations

import math
import time
from array import array
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from musearoo.bridge.speech.messages import (
    Command,
    Drop,
    LetGo,
    ListenerArmed,
    ListenerEvent,
    ListenerFailed,
    ListenerLevel,
    ListenerReady,
    ListenerTranscribed,
    NeedRecogniser,
    Open,
    RecogniserStarted,
    SetArmed,
    Talk,
)
from musearoo.bridge.speech.recogniser_process import Broken, HungRecogniserError, LostRecogniserError, RecogniserLink
from musearoo.bridge.speech.recognition.recogniser import Recognised
from musearoo.bridge.speech.sound.endpoint import EndedBy, Endpoint, SpeechDetector
from musearoo.bridge.speech.sound.format import RATE
from musearoo.bridge.speech.sound.microphones import MicrophoneError
from musearoo.bridge.speech.sound.resampler import Resampler
from musearoo.bridge.speech.sound.sources import Source

PRE_ROLL: Final = 0.5
"""Seconds before Talk that are included if the microphone is armed: a first syllable, not a conversation."""

LEVEL_EVERY: Final = 0.1
"""Seconds between two reports of the level."""

LOWEST_DB: Final = -60.0
"""The level meter's zero, in dB of full scale."""

GIVES_WITHIN: Final = 3.0
"""Seconds within which a microphone must give its first sound: Bluetooth has to change its profile."""

VANISHED_AFTER: Final = 1.0
"""Seconds without any block of sound, even of silence, after which a microphone counts as gone."""

ZEROS_FOR: Final = 2.0
"""Seconds of zeros alone after which a microphone counts as muted or not permitted: open ones hiss. Noise gates give
zeros too, until somebody speaks."""

CLOSE_AFTER: Final = 0.5
"""Seconds that the microphone stays open after Talk: closing it would delay the transcript."""

MOST_CRASHES: Final = 2
"""Recognisers that one utterance may crash: a second crash is caused by the utterance."""

TAP: Final = 0.5
"""Seconds below which Talk was clicked, not held."""

PACE_TALKING, PACE_ARMED, PACE_IDLE = 0.02, 0.1, 1.0
"""Seconds between two looks."""

LATE: Final = 0.3
"""Seconds from the press of Talk to its arrival here after which words were lost, as the process was still starting."""

NOT_READY: Final = "MuseAroo was still getting ready to listen: say it again."
AGAIN: Final = "Talk again: it is started anew."
NOT_HELD: Final = "Hold Talk while you speak, and let go after the last word."
STILL_LISTENING: Final = "RooAroo still listens to the Talk before this one: let go of that first."


class Opener(Protocol):
    """Opens the sound source; see `bridge.speech.sound.sources.Sources`."""

    def open(self) -> Source:
        """Raise MicrophoneError."""
        ...


class UtteranceLoop:
    """All utterances, in one thread: commands come in by `perform`; call `look` as often as `pace` says."""

    def __init__(
        self,
        sources: Opener,
        link: RecogniserLink,
        open_detector: Callable[[], SpeechDetector],
        report: Callable[[ListenerEvent | NeedRecogniser], None],
        keep: Callable[[bytes, str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = sources
        self._link = link
        self._open_detector = open_detector
        self._report = report
        self._keep = keep
        self._clock = clock
        self._armed = False
        self._tap: _Tap | None = None
        # In the order of their Talks: the first is in the recogniser, the last may still be in progress.
        self._utterances: deque[_Utterance] = deque()
        self._is_broken = False
        self._is_ready = False
        self._recogniser = 0
        self._awaits_recogniser = False

    @property
    def is_worn(self) -> bool:
        """Whether a library's state is unreliable and everything is reported: the process must be replaced."""
        return self._is_broken and not self._utterances

    @property
    def pace(self) -> float:
        """The most seconds until the next call of `look`."""
        if self._utterances:
            return PACE_TALKING
        return PACE_ARMED if self._tap is not None else PACE_IDLE

    def perform(self, command: Command | RecogniserStarted) -> None:
        """Perform one command of the daemon."""
        match command:
            case RecogniserStarted(number, connection):
                self._recogniser = number
                self._awaits_recogniser = False
                self._link.connect(connection)
                for utterance in self._utterances:
                    utterance.is_begun = False
            case Open(talk, pressed_at):
                self._open(talk, self._clock() - pressed_at > LATE)
            case LetGo(talk):
                spoken = self._spoken
                if spoken is not None and spoken.talk == talk:
                    # Read the sound that has arrived, without waiting for more.
                    self._listen()
                    if spoken.ended_by is None:
                        self._end(spoken, EndedBy.LET_GO)
            case Drop(talk):
                self._utterances = deque(each for each in self._utterances if each.talk != talk)
            case SetArmed(on):
                self._arm(on)
        self._close_if_unused()

    def look(self) -> None:
        """Process new sound and report what there is to report."""
        self._listen()
        try:
            self._recognise()
        except LostRecogniserError as lost:
            self._lose_recogniser(lost)
        if self._link.is_ready != self._is_ready:
            self._is_ready = self._link.is_ready
            self._report(ListenerReady(self._is_ready, self._link.fault))
        self._close_if_unused()

    def close(self) -> None:
        """Close the microphone."""
        if self._tap is not None:
            self._tap.source.close()
            self._tap = None

    @property
    def _spoken(self) -> _Utterance | None:
        """The utterance in progress."""
        return self._utterances[-1] if self._utterances and self._utterances[-1].ended_by is None else None

    def _open(self, talk: Talk, is_late: bool) -> None:
        if self._spoken is not None:
            self._report(ListenerFailed(talk, STILL_LISTENING))
            return
        try:
            detector = self._open_detector()
            tap = self._tap or self._open_tap()
        except MicrophoneError as error:
            self._report(ListenerFailed(talk, str(error)))
            return
        utterance = _Utterance(talk, Endpoint(detector), Resampler(tap.source.rate, tap.source.channels), self._clock())
        if self._link.connection is None:
            self._ask_for_recogniser()
        utterance.is_late = is_late
        utterance.dropped = -tap.source.dropped
        utterance.push(tap.before_now())
        self._utterances.append(utterance)

    def _arm(self, on: bool) -> None:
        self._armed = on
        try:
            if on and self._tap is None:
                self._open_tap()
        except MicrophoneError as error:
            self._armed = False
            self._report(ListenerArmed(False, str(error)))
            return
        if self._tap is not None:
            self._tap.forget()
        self._report(ListenerArmed(on, ""))

    def _open_tap(self) -> _Tap:
        self._tap = _Tap(self._sources.open(), self._clock())
        return self._tap

    def _close_if_unused(self) -> None:
        if self._tap is None or self._armed:
            return
        lately = self._clock() - CLOSE_AFTER
        if all(each.ended_by is not None and each.ended_at < lately for each in self._utterances):
            self.close()

    def _listen(self) -> None:
        tap, spoken, now = self._tap, self._spoken, self._clock()
        if tap is None:
            return
        sound = tap.read(now)
        if wrong := tap.explain_fault(now):
            self._lose_microphone(wrong)
        elif spoken is not None:
            ended_by = spoken.push(sound)
            if ended_by is not None:
                self._end(spoken, ended_by)
            elif now - spoken.level_sent_at >= LEVEL_EVERY:
                # Counted from when the report was due, not from now, to keep the rate.
                spoken.level_sent_at = max(spoken.level_sent_at, now - 2 * LEVEL_EVERY) + LEVEL_EVERY
                words = self._link.words if spoken is self._utterances[0] else ""
                self._report(ListenerLevel(spoken.talk, spoken.pop_level(), words))
        elif self._armed:
            tap.remember(sound)

    def _lose_microphone(self, sentence: str) -> None:
        """Discard the unfinished utterance: half a command is not that command."""
        spoken, tap = self._spoken, self._tap
        if tap is not None and tap.has_vanished:
            # Closing a device that has gone can hang, and PortAudio lists it for ever.
            self._tap = None
            self._is_broken = True
        else:
            self.close()
        if spoken is not None:
            self._utterances.remove(spoken)
            self._report(ListenerFailed(spoken.talk, sentence))
        if self._armed:
            self._armed = False
            self._report(ListenerArmed(False, sentence))

    def _end(self, utterance: _Utterance, ended_by: EndedBy) -> None:
        utterance.ended_by, utterance.ended_at = ended_by, self._clock()
        if self._tap is not None:
            utterance.dropped += self._tap.source.dropped
        if utterance.endpoint.has_begun:
            return
        self._utterances.remove(utterance)
        if ended_by is EndedBy.LET_GO and utterance.is_late:
            sentence = NOT_READY
        elif ended_by is EndedBy.LET_GO and utterance.seconds < TAP:
            sentence = NOT_HELD
        else:
            sentence = self._tap.explain_nothing() if self._tap is not None else NOT_HELD
        self._report(ListenerFailed(utterance.talk, sentence))

    def _recognise(self) -> None:
        if not self._utterances or self._link.connection is None:
            self._link.take()
            return
        utterance = self._utterances[0]
        if not utterance.is_begun:
            utterance.is_begun = True
            self._link.begin()
        answer = self._link.look(utterance.sound, utterance.ended_by is not None)
        if answer is None:
            return
        self._utterances.popleft()
        match answer:
            case Broken(sentence):
                self._report(ListenerFailed(utterance.talk, sentence))
            case Recognised() if utterance.ended_by is not None:
                milliseconds = 1000.0 * (self._clock() - utterance.ended_at)
                self._report(
                    ListenerTranscribed(
                        utterance.talk,
                        answer.text,
                        answer.confidence,
                        utterance.seconds,
                        milliseconds,
                        utterance.ended_by,
                        utterance.dropped,
                    )
                )
                if self._keep is not None:
                    self._keep(bytes(utterance.sound), answer.text)

    def _lose_recogniser(self, lost: LostRecogniserError) -> None:
        """Keep recording the utterance, and feed it to the next recogniser from its beginning."""
        was_ready = self._link.is_ready
        self._link.connect(None)
        for utterance in self._utterances:
            utterance.crashes += utterance.is_begun
        failed = [
            utterance
            for utterance in self._utterances
            if not was_ready
            or utterance.crashes == MOST_CRASHES
            or (utterance.crashes and isinstance(lost, HungRecogniserError))
        ]
        for utterance in failed:
            self._utterances.remove(utterance)
            self._report(ListenerFailed(utterance.talk, f"{lost} {AGAIN}"))
        if was_ready or self._utterances:
            self._ask_for_recogniser()

    def _ask_for_recogniser(self) -> None:
        if not self._awaits_recogniser:
            self._awaits_recogniser = True
            self._report(NeedRecogniser(self._recogniser))


class _Tap:
    """An open source, with its pre-roll buffer and the checks of its health."""

    def __init__(self, source: Source, now: float) -> None:
        self.source = source
        self.has_vanished = False
        self._came_at = now
        self._gives_within = GIVES_WITHIN
        self._second = 2 * source.rate * source.channels
        self._zeros: int | None = 0
        self._before: deque[bytes] = deque()

    def read(self, now: float) -> bytes:
        """Return the sound since the last call."""
        sound = self.source.read()
        if sound:
            self._came_at, self._gives_within = now, VANISHED_AFTER
            if self._zeros is not None:
                self._zeros = None if any(sound) else self._zeros + len(sound)
        return sound

    def explain_fault(self, now: float) -> str:
        """Explain what is wrong with the source, or ""."""
        if not self.source.is_running or now - self._came_at > self._gives_within:
            self.has_vanished = True
            return (
                f"{self.source.name} has gone, or gives nothing any more: what was said is forgotten. Plug it in "
                "again, or choose another microphone, then Talk."
            )
        if self._zeros is not None and self._zeros >= ZEROS_FOR * self._second:
            return self.source.explain_silence()
        return ""

    def explain_nothing(self) -> str:
        """Explain why there was no speech."""
        nothing = (
            f"Nothing was heard: is {self.source.name} the right microphone? musearoo doctor lists them, and the "
            'setting "microphone" chooses.'
        )
        return nothing if self._zeros is None else self.source.explain_silence() or nothing

    def remember(self, sound: bytes) -> None:
        """Keep the last PRE_ROLL seconds, and nothing older."""
        self._before.append(sound)
        length = sum(map(len, self._before))
        while self._before and length - len(self._before[0]) >= PRE_ROLL * self._second:
            length -= len(self._before.popleft())

    def before_now(self) -> bytes:
        """Return the remembered sound, and forget it."""
        sound = b"".join(self._before)
        self.forget()
        frame = 2 * self.source.channels
        return sound[-int(PRE_ROLL * self.source.rate) * frame :]

    def forget(self) -> None:
        """Remember nothing any more."""
        self._before.clear()


class _Utterance:
    """One utterance: its sound so far at RATE, and how it ended."""

    def __init__(self, talk: Talk, endpoint: Endpoint, resampler: Resampler, now: float) -> None:
        self.talk = talk
        self.endpoint = endpoint
        self.sound = bytearray()
        self.is_begun = False
        """Whether the recogniser knows of it."""
        self.crashes = 0
        """Recognisers that ended while they had it."""
        self.ended_by: EndedBy | None = None
        self.ended_at = math.inf
        self.dropped = 0
        self.is_late = False
        """Whether Talk was held for more than LATE before the process was ready."""
        self.level_sent_at = now
        self._resampler = resampler
        self._peak = 0

    @property
    def seconds(self) -> float:
        return len(self.sound) / (2 * RATE)

    def push(self, block: bytes) -> EndedBy | None:
        """Add a block of the source; returns why the utterance has ended, or None."""
        sound = self._resampler.push(block)
        self.sound += sound
        self._peak = max(self._peak, max(map(abs, array("h", sound)), default=0))
        return self.endpoint.push(sound)

    def pop_level(self) -> float:
        """Return the peak level since the last call, 0 at LOWEST_DB and 1 at full scale."""
        peak, self._peak = self._peak, 0
        decibels = 20.0 * math.log10(max(peak, 1) / 32_768.0)
        return min(1.0, max(0.0, 1.0 - decibels / LOWEST_DB))
