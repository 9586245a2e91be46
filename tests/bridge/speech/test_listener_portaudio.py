"""The listener at real PortAudio devices, which JACK provides without a sound card: working, lost, muted, missing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from musearoo.bridge.speech.messages import ListenerFailed, ListenerTranscribed
from musearoo.bridge.speech.sound.endpoint import EndedBy
from musearoo.tools.bench.midi.jack import JackServer, jack_server
from tests.bridge.speech.jack import JackMicrophone, needs_jack
from tests.bridge.speech.test_listener import ONE, THREE, TWO, Listener, run_story, until
from tests.optional import require

pytestmark = needs_jack
require("pocketsphinx")

RECORDINGS = Path(__file__).parents[2] / "voice" / "recordings"
SENTENCE = RECORDINGS / "mute_bass.flac"


@pytest.fixture
def server() -> Iterator[JackServer]:
    with jack_server() as server:
        yield server


def test_a_microphone_works_vanishes_and_works_again(server: JackServer, tmp_path: Path) -> None:
    output = tmp_path / "ear.log"

    async def story(listener: Listener) -> None:
        with JackMicrophone("studio") as microphone:
            # At 48 kHz, which is what the server has: it ends by itself, for nobody lets go.
            listener.speech.open(ONE)
            await listener.level(ONE)
            microphone.say(SENTENCE)
            transcribed = await listener.end(ONE)
            assert isinstance(transcribed, ListenerTranscribed), transcribed
            assert transcribed.ended_by is EndedBy.SILENCE
            assert 1.5 < transcribed.seconds < 5.0
            assert int(transcribed.text.rpartition(" ")[2]) > 8_000
            listener.speech.open(TWO)
            await listener.level(TWO)
            microphone.say(SENTENCE)
            worn = listener.speech.pid
            server.kill()
            failed = await listener.end(TWO)
            assert isinstance(failed, ListenerFailed)
            assert failed.sentence.startswith("studio has gone, or gives nothing any more: what was said is forgotten.")
        server.start_again()
        # Plugged in again: by a fresh look, in a fresh process that began before anyone asked.
        await until(lambda: listener.speech.pid not in (worn, None))
        with JackMicrophone("studio"):
            listener.speech.open(THREE)
            await listener.level(THREE)
            listener.speech.drop(THREE)

    run_story(story, microphone="studio", output=output)


@pytest.mark.usefixtures("server")
def test_a_muted_and_a_missing_microphone_are_reported() -> None:
    async def story(listener: Listener) -> None:
        with JackMicrophone("studio", is_muted=True):
            listener.speech.open(ONE)
            failed = await listener.end(ONE)
            assert failed == ListenerFailed(
                ONE, "studio gives no sound at all: it is muted, or nothing is connected to it."
            )
        listener.speech.open(TWO)
        failed = await listener.end(TWO)
        assert isinstance(failed, ListenerFailed)
        assert failed.sentence.startswith('There is no microphone "studio": there is ')
        # On the second input of an interface, as many have it.
        with JackMicrophone("studio two", channels=2) as microphone:
            listener.speech.open(THREE)
            await listener.level(THREE)
            started = time.monotonic()
            microphone.say(SENTENCE)
            await until(lambda: time.monotonic() > started + 0.8)
            listener.speech.let_go(THREE)
            transcribed = await listener.end(THREE)
            assert isinstance(transcribed, ListenerTranscribed)
            assert transcribed.ended_by is EndedBy.LET_GO

    run_story(story, microphone="studio")


@pytest.mark.long
@pytest.mark.usefixtures("server")
def test_a_sentence_at_a_real_device_becomes_its_words() -> None:
    async def story(listener: Listener) -> None:
        with JackMicrophone("studio") as microphone:
            listener.speech.open(ONE)
            await listener.level(ONE)
            microphone.say(SENTENCE)
            transcribed = await listener.end(ONE)
            assert isinstance(transcribed, ListenerTranscribed), transcribed
            assert (transcribed.text, transcribed.ended_by) == ("mute the bass", EndedBy.SILENCE)
            assert transcribed.confidence >= 0.5

    run_story(story, "open_real", microphone="studio")
