"""What only words ask for, and several takes at once, in the simulated Live: done, named, one undo step each."""

import os
import subprocess
import sys

import pytest

from musearoo.bridge.protocol import Answer, Done
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.tools.studio.processes import Studio

WITHIN = 10.0


def say(studio: Studio, text: str) -> Done:
    """What comes of a sentence that is to be done."""
    answer = studio.device.wait_for(studio.device.say(text), WITHIN)
    assert isinstance(answer, Done), answer
    return answer


def ask(studio: Studio, text: str) -> str:
    """What RooAroo asks back."""
    answer = studio.device.wait_for(studio.device.say(text), WITHIN)
    assert isinstance(answer, Answer), answer
    assert answer.asks == 1
    return answer.sentence


@pytest.fixture(scope="module")
def bass(studio: Studio) -> Studio:
    """A studio in which a bass plays, on a track of its own: the fifth."""
    studio.device.idle(0.3)
    assert say(studio, "give me a funk bass, two bars in D minor").name == "funk bass on Electric Bass Slap"
    studio.device.idle(0.3)  # a new track has its routing a tick later
    return studio


@pytest.mark.parametrize(
    ("text", "name", "path", "value"),
    [
        ("mute the bass", "BassaRoo muted", "song.tracks[4].mute", True),
        ("solo the bass", "BassaRoo soloed", "song.tracks[4].solo", True),
        ("set the tempo to 97", "Tempo 97 BPM", "song.tempo", 97.0),
        ("turn the bass up", "BassaRoo louder by 3 dB, at +3.0 dB", "song.tracks[4].mixer_device.volume.value", 0.925),
    ],
)
def test_an_adjustment_is_done_and_one_undo_takes_it_back(
    bass: Studio, text: str, name: str, path: str, value: object
) -> None:
    before = bass.live.snapshot()
    assert say(bass, text).name == name
    assert bass.live.get(path) == (pytest.approx(value) if isinstance(value, float) else value)
    assert say(bass, "undo").name == f"Undone: {name}"
    assert bass.live.snapshot() == before


def test_several_are_named_in_one_answer_and_taken_back_by_one_undo(bass: Studio) -> None:
    before = bass.live.snapshot()
    assert say(bass, "give me funk drums, two bars").name == "funk drums on Dry Session Kit"
    bass.device.idle(0.3)
    two = bass.live.snapshot()
    assert say(bass, "mute the bass and the drums").name == "BassaRoo and DrummaRoo muted"
    assert [bass.live.get(f"song.tracks[{track}].mute") for track in (4, 5)] == [True, True]
    assert say(bass, "undo").name == "Undone: BassaRoo and DrummaRoo muted"
    done = say(bass, "make the bass and the drums busier")
    assert done.name == "funk bass and funk drums"
    assert all(bass.live.call(f"song.tracks[{track}].clip_slots[1].clip.get_all_notes_extended") for track in (4, 5))
    assert say(bass, "undo").name == "Undone: funk bass and funk drums"
    assert bass.live.snapshot() == two
    asked = ask(bass, "delete the bass and the drums")
    assert asked == "Delete “funk bass”, BassaRoo in scene 1 and “funk drums”, DrummaRoo in scene 1? Yes or no?"
    assert say(bass, "yes").name.endswith("deleted")
    assert say(bass, "undo").name.endswith("deleted")
    assert bass.live.snapshot() == two
    assert say(bass, "undo").name == "Undone: funk drums"
    assert bass.live.snapshot() == before


def test_a_key_that_was_set_by_word_is_the_one_that_is_played(bass: Studio) -> None:
    assert say(bass, "change the key to E dorian").name == "The set is in E dorian"
    assert (bass.live.get("song.scale_name"), bass.live.get("song.scale_mode")) == ("Dorian", True)
    bass.device.wait_until(
        lambda: bass.device.facts is not None and bass.device.facts.key == "E dorian", 5.0, "the key"
    )
    say(bass, "undo")
    assert bass.live.get("song.scale_mode") is False


def test_several_takes_lie_below_each_other_and_one_undo_takes_them_all_back(bass: Studio) -> None:
    before = bass.live.snapshot()
    answer = say(bass, "give me four takes of a walking jazz bass, two bars, over d minor seven g seven")
    assert answer.name == "jazz swing bass, 4 takes"
    slots = [f"song.tracks[4].clip_slots[{row}].clip" for row in range(1, 5)]
    takes = [bass.live.call(f"{slot}.get_all_notes_extended") for slot in slots]
    assert all(takes)
    assert all(takes.count(take) == 1 for take in takes)
    assert say(bass, "undo").name == "Undone: jazz swing bass, 4 takes"
    assert bass.live.snapshot() == before


def test_a_two_five_one_is_played_in_the_key_that_is_said(bass: Studio) -> None:
    before = bass.live.snapshot()
    done = say(bass, "give me a rock bass over a two five one in B flat, three bars")
    notes = bass.live.call(f"song.tracks[{done.track}].clip_slots[{done.scene}].clip.get_all_notes_extended")
    on_the_one = {start: pitch % 12 for _, pitch, start, *_ in sorted(notes, key=lambda note: note[2])}
    roots = [min((abs(start - bar), pitch) for start, pitch in on_the_one.items())[1] for bar in (0.0, 4.0, 8.0)]
    assert roots == [0, 5, 10], "C minor, F, B flat"
    say(bass, "undo")
    assert bass.live.snapshot() == before


def test_what_is_deleted_is_asked_for_first_and_comes_back_by_undo(bass: Studio) -> None:
    before = bass.live.snapshot()
    assert "Yes or no?" in ask(bass, "delete track five")
    assert bass.live.snapshot() == before
    assert say(bass, "yes").name == "BassaRoo deleted"
    assert len(bass.live.snapshot()["tracks"]) == len(before["tracks"]) - 1
    assert say(bass, "undo").name == "Undone: BassaRoo deleted"
    assert bass.live.snapshot() == before


def test_a_sentence_from_the_terminal_is_done_in_live(bass: Studio) -> None:
    before = bass.live.snapshot()
    command = [sys.executable, "-m", "musearoo", "say", "--do"]
    surroundings = {**os.environ, HOME_VARIABLE: str(bass.home)}
    spoken = subprocess.run([*command, "mute the bass"], env=surroundings, capture_output=True, text=True, check=False)
    assert (spoken.returncode, spoken.stderr) == (0, "")
    assert "BassaRoo muted" in spoken.stdout
    assert bass.live.get("song.tracks[4].mute") is True
    say(bass, "undo")
    assert bass.live.snapshot() == before


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("give me a bass, ninety nine bars", "A clip has up to 64 bars. Shall it have 64?"),
        ("asdf", "“asdf”: I did not understand that."),
        ("drums in 40/7", "I cannot play in 40/7"),
    ],
)
def test_what_cannot_be_done_is_said_and_is_a_failure_at_the_terminal(bass: Studio, text: str, answer: str) -> None:
    before = bass.live.snapshot()
    command = [sys.executable, "-m", "musearoo", "say", "--do", text]
    surroundings = {**os.environ, HOME_VARIABLE: str(bass.home)}
    spoken = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (spoken.returncode, spoken.stdout) == (1, "")
    assert answer in spoken.stderr
    # A question that is still open would be asked once more.
    bass.device.wait_for(bass.device.say("no"), WITHIN)
    assert bass.live.snapshot() == before
