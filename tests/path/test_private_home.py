"""What the daemon leaves on the disk: its owner's alone, whatever the umask, and no word of the user's in its logs."""

import json
import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from musearoo.bridge.audio.drafts import Draft, create_file
from musearoo.bridge.audio.folders import place_files
from musearoo.bridge.protocol import Answer, Done, Failed, Heard
from musearoo.tools.studio.processes import Studio, write_set
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from musearoo.tools.workshop.generate.recordings import read_recordings
from tests.band import BPM, play_band
from tests.optional import has

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of owner and others are a matter of POSIX")

WITHIN = 60.0

TRACK, CLIP, PROMPT = "Zanzibar", "Quixotic", "marimba over thunder"
SENTENCES = (
    "give me a funk bass, two bars",
    "keep that",
    "what is the airspeed of an unladen swallow",
    "mute Zanzibar",
)
SPOKEN = "funk_bass"
WORDS = re.compile(
    r"zanzibar|quixotic|marimba|thunder|funk bass|keep that|airspeed|unladen|swallow|mute", re.IGNORECASE
)
"""What stands in names, prompts and sentences, and in nothing that MuseAroo itself would log."""

has_speech = has("pocketsphinx")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a daemon that ran under the widest umask and did all that writes something, after its end."""
    folder = tmp_path_factory.mktemp("studio")
    project = folder / "Song Project"
    (project / "Ableton Project Info").mkdir(parents=True)
    loop = write_wave(project / "Band.wav", render_parts(play_band(), BPM, loop=True))
    said = folder / "said.flac"
    shutil.copyfile(read_recordings()[SPOKEN].path, said)
    description: dict[str, object] = {
        "song": {"tempo": BPM},
        "scenes": [{}, {}, {}, {}],
        "tracks": [{"kind": "midi", "given_name": "Keys"}, {"kind": "audio", "given_name": TRACK}],
    }
    home = folder / "home"
    settings = f"audio_folders: [{json.dumps(str(project))}]\nlog_level: debug\nkeep_talk: true\nmidi: true\n"
    settings += f"microphone: {json.dumps(f'file:{said}')}\ntalk: {json.dumps(has_speech)}\n"
    before = os.umask(0)
    try:
        with Studio(set_file=write_set(folder / "set.json", description), home=home, settings=settings) as studio:
            _work(studio, loop)
    finally:
        os.umask(before)
    return home


def _work(studio: Studio, loop: Path) -> None:
    device, live = studio.device, studio.live
    live.call("song.tracks[1].clip_slots[0].create_audio_clip", str(loop))
    live.set("song.tracks[1].clip_slots[0].clip.name", CLIP)
    device.idle(0.3)
    assert isinstance(device.wait_for(device.press("drummaroo", style="funk", bars=2), WITHIN), Done)
    assert isinstance(device.wait_for(device.press("drummaroo", style="no such marimba", bars=2), WITHIN), Failed)
    assert isinstance(device.wait_for(device.analyze(track=1, scene=0), WITHIN), Heard)
    assert isinstance(device.wait_for(device.split(track=1, scene=0, backend="dsp"), WITHIN), Done)
    assert isinstance(device.wait_for(device.imagine(PROMPT, bars=1, backend="sketch"), WITHIN), Done)
    for sentence in SENTENCES:
        device.wait_for(device.say(sentence), WITHIN)
    assert isinstance(device.wait_for(device.self_test("Track=ok;Ring=ok"), WITHIN), Done)
    if has_speech:
        studio.daemon.wait_for_recogniser()
        talk = device.talk()
        device.idle(3.0)
        device.let_go(talk)
        answer = device.wait_for(talk, WITHIN)
        assert isinstance(answer, Done | Answer), answer


def test_everything_in_it_is_for_its_owner_alone(home: Path) -> None:
    wide = []
    names = set()
    for path in (home, *home.rglob("*")):
        names.add(path.relative_to(home).parts[:1])
        wanted = 0o700 if path.is_dir() else 0o600
        if stat.S_IMODE(path.lstat().st_mode) != wanted:
            wide.append((str(path.relative_to(home)), oct(path.lstat().st_mode)))
    assert wide == []
    expected = {"musearoo.log", "settings.yaml", "token", "preferences.json", "self_test.json", "stems", "loops"}
    expected |= {"daemon.lock", "captures", "analyses", "styles.cache", "worker.log"} | (
        {"talk"} if has_speech else set()
    )
    assert expected <= {part for parts in names for part in parts}, names
    assert not list(home.rglob(".*")), "drafts are left"


def test_its_logs_have_no_word_of_the_users(home: Path) -> None:
    logs = [path for path in home.iterdir() if ".log" in path.name or path.name == "stderr.txt"]
    assert len(logs) >= 2
    found = [(path.name, line) for path in logs for line in path.read_text("utf-8").splitlines() if WORDS.search(line)]
    assert found == []
    log = (home / "musearoo.log").read_text("utf-8")
    assert "(Generate) is done: " in log
    assert "failed: " in log
    assert "Sentence " in log


def test_what_goes_into_the_users_project_has_the_rights_of_the_umask(home: Path, tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        for folder, wanted in ((tmp_path / "project", (0o775, 0o664)), (home / "loops" / "more", (0o700, 0o600))):
            with Draft(folder, home) as draft:
                with create_file(draft.folder / "a.wav") as file:
                    file.write(b"sound")
                placed = place_files({"a": draft.folder / "a.wav"}, folder, lambda number: {"a": f"a{number}.wav"})
            modes = tuple(stat.S_IMODE(path.stat().st_mode) for path in (folder, placed["a"]))
            assert modes == wanted
    finally:
        os.umask(before)
