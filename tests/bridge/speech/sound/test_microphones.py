"""Which microphone is meant, and the sentence where there is none; PortAudio is played by a table."""

import builtins
import sys
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import musearoo.bridge.commands.doctor.command as doctor
from musearoo.bridge.settings.user_settings import Settings
from musearoo.bridge.speech.sound.microphones import MicrophoneError, explain_refusal, explain_silence, find_microphone
from musearoo.bridge.speech.sound.sources import Sources
from tests.each_case import each_case

WAYS = ("MME", "Windows WASAPI")
DEVICES = (
    ("Speakers", 0, 0, 44_100.0),
    ("Microphone (USB Audio)", 0, 1, 44_100.0),
    ("Line (Interface)", 0, 8, 44_100.0),
    ("Speakers", 1, 0, 48_000.0),
    ("Line (Interface)", 1, 8, 96_000.0),
    ("Microphone (USB Audio)", 1, 1, 48_000.0),
    ("Headset", 1, 1, 16_000.0),
)


class RefusedError(Exception):
    """As sounddevice's PortAudioError."""


class FakePortAudio(ModuleType):
    """What sounddevice shows of a machine; `accepts` are the rates and channels that open."""

    PortAudioError = RefusedError

    def __init__(self, devices: tuple[tuple[str, int, int, float], ...] = DEVICES, default: int = 1) -> None:
        super().__init__("sounddevice")
        self.devices = devices
        self.plugged_in_later: tuple[tuple[str, int, int, float], ...] = ()
        self.default = SimpleNamespace(device=(default, -1))
        self.accepts: set[tuple[float, int]] = set()
        self.starts = True
        self.tried: list[tuple[int, float, int]] = []
        self.looks = 0

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": name} for name in WAYS]

    def query_devices(self) -> list[Mapping[str, Any]]:
        return [
            {"index": number, "name": name, "hostapi": way, "max_input_channels": channels, "default_samplerate": rate}
            for number, (name, way, channels, rate) in enumerate(self.devices)
        ]

    def _terminate(self) -> None:
        self.devices += self.plugged_in_later

    def _initialize(self) -> None:
        self.looks += 1

    def RawInputStream(self, **form: Any) -> SimpleNamespace:  # noqa: N802
        self.tried.append((form["device"], form["samplerate"], form["channels"]))
        if (form["samplerate"], form["channels"]) not in self.accepts:
            raise RefusedError("Error opening RawInputStream: Invalid sample rate", -9997)
        nothing = lambda **_: None  # noqa: E731
        return SimpleNamespace(start=self._start, active=True, abort=nothing, close=nothing)

    def _start(self) -> None:
        if not self.starts:
            raise RefusedError("Error starting stream: Unanticipated host error", -9999)


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


@pytest.mark.usefixtures("portaudio")
@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ("", 1),
        ("usb", 1),
        ("5", 5),
        ("Headset", 6),
        # By the way of the default, though there is another.
        ("interface", 2),
        (" Line (Interface) ", 2),
    ],
)
def test_a_microphone_is_found_by_name_or_number(wanted: str, number: int) -> None:
    assert find_microphone(wanted).number == number


def test_a_name_that_is_exact_comes_before_one_that_has_more(portaudio: FakePortAudio) -> None:
    portaudio.devices = (("USB 2", 0, 1, 48_000.0), ("USB", 0, 1, 48_000.0))
    assert find_microphone("usb").number == 1


def test_without_a_default_the_first_is_taken(portaudio: FakePortAudio) -> None:
    portaudio.default.device = (-1, -1)
    assert find_microphone("").number == 1


@pytest.mark.usefixtures("portaudio")
@pytest.mark.parametrize("wanted", ["Neumann", "0", "17"])
def test_a_microphone_that_is_not_there_names_those_that_are(wanted: str) -> None:
    sentence = (
        f'There is no microphone "{wanted}": there is "Microphone \\(USB Audio\\)", "Line \\(Interface\\)", "Headset".'
        ' Plug it in, or change "microphone" in the settings.'
    )
    with pytest.raises(MicrophoneError, match=f"^{sentence}$"):
        find_microphone(wanted)


def test_no_microphone_at_all(portaudio: FakePortAudio) -> None:
    portaudio.devices = DEVICES[:1]
    with pytest.raises(MicrophoneError, match="There is no microphone: plug one in"):
        find_microphone("")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (ModuleNotFoundError("No module named 'sounddevice'"), "sounddevice is not installed, .* setup --with voice"),
        (OSError("PortAudio library not found"), "PortAudio is missing or does not start .PortAudio library not found"),
    ],
)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, fault: Exception, sentence: str) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **named: Any) -> Any:
        if name == "sounddevice":
            raise fault
        return real(name, *args, **named)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MicrophoneError, match=sentence):
        Sources("", 16_000).open()


def test_a_device_opens_at_16_khz_or_as_it_can(portaudio: FakePortAudio) -> None:
    portaudio.accepts = {(16_000, 1)}
    assert (Sources("usb", 16_000).open().rate, portaudio.tried) == (16_000, [(1, 16_000, 1)])
    portaudio.tried.clear()
    portaudio.accepts = {(44_100, 8)}
    source = Sources("interface", 16_000).open()
    assert (source.rate, source.channels) == (44_100, 8)
    assert portaudio.tried == [(2, 16_000, 2), (2, 44_100, 2), (2, 44_100, 1), (2, 44_100, 8)]


@pytest.mark.parametrize("starts", [True, False])
def test_a_device_that_is_taken_is_tried_again_after_another_look(portaudio: FakePortAudio, starts: bool) -> None:
    portaudio.accepts = set() if starts else {(44_100, 1)}
    portaudio.starts = starts
    with pytest.raises(
        MicrophoneError, match=r"^Microphone \(USB Audio\) cannot be opened \(Error .*\): close programs"
    ):
        Sources("usb", 16_000).open()
    assert portaudio.looks == 1


def test_what_was_plugged_in_since_is_found(portaudio: FakePortAudio) -> None:
    portaudio.plugged_in_later = (("Neumann", 0, 1, 48_000.0),)
    portaudio.accepts = {(48_000, 1)}
    assert Sources("neumann", 16_000).open().name == "Neumann"


@each_case(
    "platform, where",
    [
        ("darwin", "System Settings > Privacy & Security > Microphone"),
        ("win32", "Settings > Privacy & security > Microphone, for desktop apps too"),
    ],
)
def test_where_to_allow_it_is_told_on_each_system(platform: str, where: str) -> None:
    assert where in explain_silence("Built-in", platform)
    assert where in explain_refusal("Built-in", RefusedError("Device unavailable", -9985), platform)
    assert where not in explain_silence("Built-in", "linux")


def test_the_doctor_says_which_would_be_opened_and_opens_none(portaudio: FakePortAudio) -> None:
    found = doctor._microphone(Settings())
    assert (found.verdict, found.found) == ("good", '"Microphone (USB Audio)" (1), 44.1 kHz, by MME')
    assert found.mend == 'The setting microphone chooses another: "Line (Interface)" (2), "Headset" (6).'
    assert doctor._microphone(Settings(microphone="x")).mend.startswith('There is no microphone "x"')
    assert doctor._microphone(Settings(talk=False)).found == "not used: Talk is switched off"
    assert doctor._microphone(Settings(microphone="file:a.wav")).found == "file:a.wav is played instead"
    assert portaudio.tried == []
