"""Sentences spoken by speech synthesisers, alone or over music, as a microphone signal: 16 kHz, mono.

python -m musearoo.tools.bench.voice.spoken "mute the bass" --speaker "flite slt" --out mute.flac python -m
musearoo.tools.bench.voice.spoken "mute the bass" --out mute.flac --music song.wav --below 10

flite's voices were built from recordings of people who read aloud; those of espeak-ng are rules. Neither is a person in
a room: no human was recorded for any of this.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.home_files import make_private_folder

Voice = NDArray[np.float32]
"""Sound at RATE, one channel, -1..1: float32 (samples,)."""

RATE: Final = 16_000
"""The sample rate of speech recognisers."""

FRAME: Final = RATE // 50
"""Samples per level frame: 20 ms, shorter than a syllable."""

ACTIVE_DB: Final = 30.0
"""Frames this far below the loudest one, or farther, count as pauses."""

HISS_DB: Final = -60.0
"""The noise of a quiet microphone relative to the speech: real ones give no zeros, which programs take for a blocked
microphone.
"""

PAUSE: Final = 0.2
"""Seconds before the first word and after the last: Talk is held a little longer than the voice speaks."""

CEILING: Final = 0.9
"""The largest sample after mixing; louder results are turned down as a whole, because clipping is a different test."""

SLOWEST: Final = 30.0
"""The timeout of a synthesiser in seconds; a sentence takes a tenth of one."""


class SpeakError(Exception):
    """A sentence could not be spoken; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of a synthesiser."""

    program: str
    voice: str

    @property
    def name(self) -> str:
        """Such as "flite slt"."""
        return f"{self.program} {self.voice}"


FLITE: Final = tuple(Speaker("flite", voice) for voice in ("slt", "rms", "kal16", "awb", "kal"))
"""All flite voices that speak any sentence; "kal" has a telephone's 8 kHz."""
ESPEAK: Final = tuple(Speaker("espeak-ng", voice) for voice in ("en-us", "en-gb", "en-us+f3", "en-gb-scotland"))
SPEAKERS: Final = {speaker.name: speaker for speaker in (*FLITE, *ESPEAK)}


def is_installed(program: str) -> bool:
    """Return whether a synthesiser is installed."""
    return shutil.which(program) is not None


def usual_folder() -> Path:
    """Return MuseAroo's cache folder for synthesised speech and music; it can be deleted, because it can be
    regenerated.
    """
    return home_folder() / "spoken"


def speak(sentence: str, speaker: Speaker, kept: Path | None = None) -> Voice:
    """Return the microphone signal of a sentence: with PAUSE around it and noise under it. Deterministic.

    Speech is cached in a folder, by default one of MuseAroo's own. Raises SpeakError when the synthesiser is missing or
    fails.
    """
    return add_pauses(say(sentence, speaker, kept))


def say(sentence: str, speaker: Speaker, kept: Path | None = None) -> Voice:
    """Return the synthesiser's own sound of a sentence, at RATE. Raises SpeakError when it is missing or fails."""
    folder = kept or usual_folder()
    digest = hashlib.sha256(f"{speaker.name}\n{sentence}".encode()).hexdigest()[:20]
    path = folder / f"{speaker.name.replace(' ', '-')}-{digest}.wav"
    if not path.exists():
        make_private_folder(folder)
        _synthesise(sentence, speaker, path)
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1), rate)


def _synthesise(sentence: str, speaker: Speaker, path: Path) -> None:
    commands = {
        "flite": ["flite", "-voice", speaker.voice, "-t", sentence, "-o"],
        "espeak-ng": ["espeak-ng", "-v", speaker.voice, "-w"],
    }
    if not is_installed(speaker.program):
        raise SpeakError(f"{speaker.program} is not installed: apt install {speaker.program}, or brew install it.")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        # Several processes may write the same file, so it must appear atomically.
        made = Path(folder) / "spoken.wav"
        command = [*commands[speaker.program], str(made)]
        try:
            done = subprocess.run(
                command,
                input=sentence if speaker.program == "espeak-ng" else None,
                capture_output=True,
                text=True,
                timeout=SLOWEST,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeakError(f"{speaker.name} did not speak: {error}") from error
        # Neither program reports an unknown voice by its exit status; an empty file has only a header.
        if done.returncode != 0 or not made.is_file() or not soundfile.info(made).frames:
            words = done.stderr.strip().splitlines()
            raise SpeakError(f"{speaker.name} did not speak: {words[-1] if words else 'it gave no reason'}.")
        made.replace(path)


def resample(samples: NDArray[np.float32], rate: int) -> Voice:
    """Return mono sound resampled to RATE, by a linear-phase polyphase filter."""
    if rate == RATE:
        return samples
    step = Fraction(RATE, rate)
    return np.asarray(signal.resample_poly(samples, step.numerator, step.denominator), np.float32)


def read_sound(path: Path) -> Voice:
    """Return any sound file that libsndfile reads, mixed to mono at RATE."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1), rate)


def speech_level(voice: Voice) -> float:
    """Return the speech level in dB relative to full scale: the RMS over all active frames.

    A frame is active when it is less than ACTIVE_DB below the loudest. Silence has minus infinity.

    >>> half = np.tile(np.float32([0.5, -0.5]), RATE)
    >>> round(speech_level(half), 2) == round(speech_level(np.concatenate([half, 0 * half])), 2) == -6.02
    True
    """
    whole = len(voice) // FRAME * FRAME
    power = np.square(voice[:whole].reshape(-1, FRAME), dtype=np.float64).mean(axis=1)
    if not power.size or not power.max():
        return float("-inf")
    active = power[power > power.max() * 10.0 ** (-ACTIVE_DB / 10.0)]
    return float(10.0 * np.log10(active.mean()))


def add_pauses(voice: Voice, seconds: float = PAUSE) -> Voice:
    """Return speech with a pause before and after it, over noise at HISS_DB relative to the speech."""
    silence = np.zeros(round(seconds * RATE), np.float32)
    longer = np.concatenate([silence, voice, silence])
    return longer + hiss(len(longer), speech_level(voice) + HISS_DB, seed=zlib.crc32(voice.tobytes()))


def hiss(frames: int, level: float, seed: int = 0) -> Voice:
    """Return white noise at a level in dB relative to full scale."""
    noise = np.random.default_rng(seed).standard_normal(frames)
    return np.asarray(noise * 10.0 ** (level / 20.0), np.float32)


def lay_under(voice: Voice, music: Voice, below: float) -> Voice:
    """Return speech over music at a level in dB below it: the music's RMS, where it plays, relative to the speech
    level.

    Music shorter than the speech is repeated. Raises ValueError for silent music.
    """
    under = np.resize(music, len(voice))
    level = float(10.0 * np.log10(max(float(np.square(under, dtype=np.float64).mean()), 1e-12)))
    if level <= -100.0:
        raise ValueError("the music is silent where it plays under the speech")
    mixed = voice + under * np.float32(10.0 ** ((speech_level(voice) - below - level) / 20.0))
    return mixed * np.float32(min(1.0, CEILING / float(np.abs(mixed).max())))


def as_int16(voice: Voice) -> bytes:
    """Return sound in the recogniser's format: 16-bit integers, little endian, clipped to full scale.

    >>> as_int16(np.float32([0.0, 0.5, -1.0, 2.0])).hex(" ", 2)
    '0000 0040 0080 ff7f'
    """
    return np.asarray(np.clip(np.round(voice * 32768.0), -32768, 32767), "<i2").tobytes()


def write_flac(path: Path, voice: Voice) -> Path:
    """Write a 16-bit FLAC file and return its path."""
    soundfile.write(path, np.frombuffer(as_int16(voice), "<i2"), RATE, subtype="PCM_16", format="FLAC")
    return path


def main(argv: list[str]) -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.bench.voice.spoken", description="says a sentence into a file"
    )
    parser.add_argument("sentence")
    parser.add_argument("--speaker", choices=SPEAKERS, default=FLITE[0].name, help=f"who ({FLITE[0].name})")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the FLAC file to write")
    parser.add_argument("--music", type=Path, metavar="FILE", help="a sound file to lie under the voice")
    parser.add_argument("--below", type=float, default=20.0, metavar="DB", help="how far below the voice it is (20)")
    options = parser.parse_args(argv)
    try:
        voice = speak(options.sentence, SPEAKERS[options.speaker])
        if options.music:
            voice = lay_under(voice, read_sound(options.music), options.below)
        write_flac(options.out, voice)
    except (SpeakError, ValueError, OSError, soundfile.LibsndfileError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
