"""The ear at real PortAudio devices, which JACK gives without a sound card: heard, vanished, muted, not there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.speech.messages import ListenerFailed, ListenerTranscribed
from musearoo.bridge.speech.sound.endpoint import EndedBy
from musearoo.tools.bench.midi.jack import JackServer, jack_server
from tests.bridge.speech.jack import JackMicrophone, needs_jack
from tests.bridge.speech.test_listener import ONE, THREE, TWO, Listener, hear, until
from tests.optional import require

pytestmark = needs_jack
require("pocketsphinx")

RECORDINGS = Path(__file__).parents[2] / "voice" / "recordings"
SENTENCE = RECORDINGS / "mute_bass.flac"


@pytest.fixture
def server() -> Iterator[JackServer]:
    with jack_server() as server:
        yield server


def test_a_microphone_is_heard_vanishes_and_is_heard_again(server: JackServer, tmp_path: Path) -> None:
    output = tmp_path / "ear.log"

    async def story(listener: Listener) -> None:
        with JackMicrophone("studio") as microphone:
            # At 48 kHz, which is what the server has: it ends by itself, for nobody lets go.
            listener.ear.open(ONE)
            await listener.level(ONE)
            microphone.say(SENTENCE)
            heard = await listener.end(ONE)
            assert isinstance(heard, ListenerTranscribed), heard
            assert heard.ended_by is EndedBy.SILENCE
            assert 1.5 < heard.seconds < 5.0
            assert int(heard.text.rpartition(" ")[2]) > 8_000
            listener.ear.open(TWO)
            await listener.level(TWO)
            microphone.say(SENTENCE)
            worn = listener.ear.pid
            server.kill()
            failed = await listener.end(TWO)
            assert isinstance(failed, ListenerFailed)
            assert failed.sentence.startswith("studio has gone, or gives nothing any more: what was said is forgotten.")
        server.start_again()
        # Plugged in again: by a fresh look, in a fresh process that began before anyone asked.
        await until(lambda: listener.ear.pid not in (worn, None))
        with JackMicrophone("studio"):
            listener.ear.open(THREE)
            await listener.level(THREE)
            listener.ear.drop(THREE)

    hear(story, microphone="studio", output=output)


@pytest.mark.usefixtures("server")
def test_a_muted_microphone_and_one_that_is_not_there_are_told() -> None:
    async def story(listener: Listener) -> None:
        with JackMicrophone("studio", is_muted=True):
            listener.ear.open(ONE)
            failed = await listener.end(ONE)
            assert failed == ListenerFailed(
                ONE, "studio gives no sound at all: it is muted, or nothing is connected to it."
            )
        listener.ear.open(TWO)
        failed = await listener.end(TWO)
        assert isinstance(failed, ListenerFailed)
        assert failed.sentence.startswith('There is no microphone "studio": there is ')
        # On the second input of an interface, as many have it.
        with JackMicrophone("studio two", channels=2) as microphone:
            listener.ear.open(THREE)
            await listener.level(THREE)
            started = time.monotonic()
            microphone.say(SENTENCE)
            await until(lambda: time.monotonic() > started + 0.8)
            listener.ear.let_go(THREE)
            heard = await listener.end(THREE)
            assert isinstance(heard, ListenerTranscribed)
            assert heard.ended_by is EndedBy.LET_GO

    hear(story, microphone="studio")


@pytest.mark.long
@pytest.mark.usefixtures("server")
def test_a_sentence_at_a_real_device_becomes_its_words() -> None:
    async def story(listener: Listener) -> None:
        with JackMicrophone("studio") as microphone:
            listener.ear.open(ONE)
            await listener.level(ONE)
            microphone.say(SENTENCE)
            heard = await listener.end(ONE)
            assert isinstance(heard, ListenerTranscribed), heard
            assert (heard.text, heard.ended_by) == ("mute the bass", EndedBy.SILENCE)
            assert heard.confidence >= 0.5

    hear(story, "open_real", microphone="studio")
