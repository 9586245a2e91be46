"""The microphones that PortAudio lists: choose one, or explain why there is none.

Listing opens no device. PortAudio scans once: devices that are plugged in later appear after `refresh`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from musearoo import how_to_install

HOW_TO_INSTALL: Final = f"Run: {how_to_install('voice')}"


class MicrophoneError(Exception):
    """No microphone can be used: one sentence that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Microphone:
    """An input device. `rate`: its default rate in Hz. `host_api`: such as ALSA or WASAPI."""

    number: int
    name: str
    host_api: str
    channels: int
    rate: int


def list_microphones() -> tuple[Microphone, ...]:
    """Return the microphones at PortAudio's last scan; raises MicrophoneError without PortAudio."""
    sounddevice = load_sounddevice()
    host_apis = [host_api["name"] for host_api in sounddevice.query_hostapis()]
    return tuple(
        _describe(device, host_apis) for device in sounddevice.query_devices() if device["max_input_channels"] > 0
    )


def find_microphone(wanted: str) -> Microphone:
    """Return the microphone of a name; raises MicrophoneError, naming those present, if it is missing.

    `wanted`: "" for the system's default, a number of PortAudio's list, or a part of a name in any case. If several
    host APIs offer the same device, the default's host API wins, or else the first.
    """
    known = list_microphones()
    if not known:
        raise MicrophoneError("There is no microphone: plug one in, or choose one in the system's sound settings.")
    default = _default(known)
    wanted = wanted.strip()
    if not wanted:
        return default or known[0]
    if wanted.isdecimal():
        matching = [each for each in known if each.number == int(wanted)]
    else:
        sought = wanted.casefold()
        matching = [each for each in known if sought in each.name.casefold()]
        # An exact match wins: "USB" is not "USB 2".
        matching = [each for each in matching if each.name.casefold() == sought] or matching
    if not matching:
        raise MicrophoneError(
            f'There is no microphone "{wanted}": there is {_enumerate(known)}. Plug it in, or change "microphone" in '
            "the settings."
        )
    preferred = [each for each in matching if default is not None and each.host_api == default.host_api]
    return (preferred or matching)[0]


def refresh() -> None:
    """Have PortAudio scan its devices again. No stream may be open."""
    sounddevice = load_sounddevice()
    # The only way to rescan: sounddevice itself does both at import and exit.
    sounddevice._terminate()
    sounddevice._initialize()


def load_sounddevice() -> ModuleType:
    """Import sounddevice, the binding of PortAudio; raises MicrophoneError if either is missing."""
    try:
        import sounddevice
    except ImportError:
        raise MicrophoneError(
            f"sounddevice is not installed, which opens microphones and sound cards. {HOW_TO_INSTALL}"
        ) from None
    except OSError as error:
        # The import looks for PortAudio.
        raise MicrophoneError(
            f"PortAudio is missing or does not start ({error}): install it (on Debian and Ubuntu: apt install "
            "libportaudio2)."
        ) from None
    return sounddevice  # type: ignore[no-any-return, unused-ignore]


def explain_silence(name: str, platform: str = sys.platform) -> str:
    """Explain a microphone that gives only zeros, which no permitted one does.

    >>> explain_silence("Built-in", "linux")
    'Built-in gives no sound at all: it is muted, or nothing is connected to it.'
    """
    silent = f"{name} gives no sound at all"
    if platform == "darwin":
        return (
            f"{silent}: allow it in System Settings > Privacy & Security > Microphone, for the program that MuseAroo "
            "was started from (such as Terminal), and start MuseAroo again; or it is muted."
        )
    if platform == "win32":
        return (
            f"{silent}: allow it in Settings > Privacy & security > Microphone, for desktop apps too; or it is muted."
        )
    return f"{silent}: it is muted, or nothing is connected to it."


def explain_refusal(name: str, error: Exception, platform: str = sys.platform) -> str:
    """Explain why a microphone could not be opened."""
    # The first argument is PortAudio's message; its error numbers follow.
    reason = str(error.args[0] if error.args else error).rstrip(".: ")
    where = {
        "darwin": ", or allow it in System Settings > Privacy & Security > Microphone",
        "win32": ", or allow it in Settings > Privacy & security > Microphone, for desktop apps too",
    }.get(platform, "")
    return f"{name} cannot be opened ({reason}): close programs that keep it for themselves{where}."


def _default(known: tuple[Microphone, ...]) -> Microphone | None:
    number = load_sounddevice().default.device[0]
    return next((each for each in known if each.number == number), None)


def _describe(device: dict[str, Any], host_apis: list[str]) -> Microphone:
    return Microphone(
        number=int(device["index"]),
        name=str(device["name"]),
        host_api=host_apis[device["hostapi"]],
        channels=int(device["max_input_channels"]),
        rate=round(device["default_samplerate"]),
    )


def _enumerate(known: tuple[Microphone, ...]) -> str:
    return ", ".join(dict.fromkeys(f'"{each.name}"' for each in known))
