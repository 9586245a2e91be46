"""What the copilot sees of a set: numbers from 1, the parts that tracks play, and what is shown and selected."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musearoo.bridge.copilot import view
from musearoo.bridge.copilot.view import view_of
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, GROUP_TRACK, RETURN_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipWarp,
    Gone,
    InstrumentState,
    SceneState,
    Selection,
    SetReady,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.engines.language.state.view import ClipView, SetView, TrackView
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Character
from tests.bridge.commands.reports.an_analysis import an_analysis
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_record, a_track
from tests.bridge.live_set.test_mirror_messages import set_messages
from tests.each_case import each_case

DRUMS, LOW, VOICE, ALL, HALL = 1, 2, 3, 4, 5
VERSE, CHORUS = 8, 9
OFF = SongState("set", 96.5, 4, 4, 0, "Major", 0, 0)


def a_set(*more: Message, song: SongState = OFF) -> SetMirror:
    """Our own drums, a low line without a telling name, a voice, a group around them, a return."""
    line = [a_record(at / 2, 0.4, 33 + at % 5) for at in range(8)]
    return a_mirror(
        song,
        TrackState(VOICE, 2, AUDIO_TRACK, "Lead Vox", 0, ALL, 1, 0, 0),
        a_track(DRUMS, 0, name="DrummaRoo"),
        a_track(LOW, 1, name="1-MIDI"),
        TrackState(ALL, 3, GROUP_TRACK, "All", 0, 0, 0, 1, 0),
        a_track(HALL, 0, RETURN_TRACK, "Hall"),
        SceneState(CHORUS, 1, "chorus"),
        SceneState(VERSE, 0, ""),
        a_clip(20, LOW, CHORUS, name="line"),
        a_clip(22, DRUMS, CHORUS),
        a_clip(21, DRUMS, VERSE, name="verse drums"),
        ClipNotes(20, encode_notes(line)),
        a_clip(23, VOICE, VERSE, is_audio=1, name=""),
        a_clip(24, LOW, 0, start=16.0),
        Selection(LOW, CHORUS, 20),
        SetReady(9),
        *more,
    )


def test_tracks_and_scenes_count_from_one() -> None:
    assert view_of(a_set()) == SetView(
        tempo=96.5,
        tracks=(
            TrackView(
                number=1,
                name="DrummaRoo",
                part="drums",
                clips=frozenset((1, 2)),
                clip_names=((1, "verse drums"), (2, "clip")),
                is_own=True,
            ),
            TrackView(number=2, name="1-MIDI", part="bass", clips=frozenset((2,)), clip_names=((2, "line"),)),
            TrackView(number=3, name="Lead Vox", kind="audio", part="melody", clips=frozenset((1,)), muted=True),
            TrackView(number=4, name="All", kind="group", soloed=True),
        ),
        scenes=2,
        scene=2,
        track=2,
        shown=ClipView(track=2, scene=2, name="line"),
    )


def test_an_empty_mirror_can_be_looked_at() -> None:
    assert view_of(SetMirror()) == SetView()


def test_what_is_selected_may_be_nothing_that_counts() -> None:
    view = view_of(a_set(Selection(HALL, 0, 24)))
    assert (view.track, view.scene, view.shown) == (0, 0, ClipView(track=2, scene=0, name="clip"))
    assert view_of(a_set(Selection(0, 0, 99))).shown is None


def test_the_key_is_the_sets_own_where_its_scale_is_on() -> None:
    found = {"key": "F major", "key_confidence": 0.8, "chords": "F C", "style": "soul", "style_confidence": 0.6}
    off = view_of(a_set(), **found)  # type: ignore[arg-type]
    assert (off.key, off.key_confidence, off.chords) == ("F major", 0.8, "F C")
    assert (off.style, off.style_confidence) == ("soul", 0.6)
    on = view_of(a_set(song=replace(OFF, scale_mode=1, root_note=2, scale_name="Dorian")), **found)  # type: ignore[arg-type]
    assert (on.key, on.key_confidence) == ("D dorian", 1.0)
    strange = view_of(a_set(song=replace(OFF, scale_mode=1, scale_name="A Scale of Live 14")), **found)  # type: ignore[arg-type]
    assert strange.key == "F major"


@each_case("name, part", [("Sub Bass", "bass"), ("Rhodes", "harmony"), ("Take 3", "bass"), ("", "bass")])
def test_a_name_goes_before_what_is_played(name: str, part: str) -> None:
    assert view_of(a_set(a_track(LOW, 1, name=name))).tracks[1].part == part


def test_a_track_that_says_nothing_plays_no_part() -> None:
    quiet = a_set(a_track(LOW, 1, name="1-MIDI"), ClipNotes(20, b""))
    assert view_of(quiet).tracks[1].part == ""


def test_audio_is_described_by_its_analysis() -> None:
    mirror = a_set(
        a_track(VOICE, 2, AUDIO_TRACK, "3-Audio"), ClipAudio(23, "/sounds/sub.wav", 96_000.0, 48_000.0, 0, 0, 0.4)
    )
    sub = replace(an_analysis(), character=Character(register=Estimate((28, 45), 0.9, "clip")), hits=(), onsets=())
    assert view_of(mirror).tracks[2].part == ""
    assert view_of(mirror, recall=lambda _: replace(sub, harmony=type(sub.harmony)())).tracks[2].part == "bass"


def test_a_clip_is_measured_when_it_matters() -> None:
    busy = [a_record(at / 4, 0.2, 33 + 7 * at % 12) for at in range(16) if at % 4 != 0]
    plain = view_of(a_set(ClipNotes(20, encode_notes([a_record(float(at), 1.0, 33) for at in range(4)]))))
    lively = view_of(a_set(ClipNotes(20, encode_notes(busy))))
    simple, complex_ = plain.measure(2, 2), lively.measure(2, 2)
    assert simple is not None
    assert complex_ is not None
    assert 0.0 <= simple < complex_ <= 1.0
    for track, scene in ((2, 1), (9, 1), (1, 9), (4, 1), (3, 1)):
        assert plain.measure(track, scene) is None


@given(st.lists(set_messages | st.sampled_from(["pass", "analysis"]), max_size=30))
def test_a_view_is_that_of_a_set_seen_for_the_first_time(told: list[Message | str]) -> None:
    """Whatever was seen before, and what became known of its sound meanwhile."""
    mirror, known = SetMirror(), an_analysis()

    def recall(_: Passage) -> Analysis | None:
        return known

    for message in told:
        if message == "analysis":
            known = replace(known)
        elif not isinstance(message, str):
            mirror.apply(message)
        fresh = a_mirror(*mirror.messages())
        assert view_of(mirror, recall=recall).tracks == view_of(fresh, recall=recall).tracks, message


def test_a_track_is_looked_at_again_only_when_it_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def guess(name: str, _: Clip) -> tuple[str, float]:
        looked.append(name)
        return "bass", 1.0

    monkeypatch.setattr(view, "guess_role", guess)
    mirror = a_set()
    assert view_of(mirror) == view_of(mirror)
    assert looked == ["Lead Vox", "1-MIDI", "All"]
    mirror.apply(a_clip(24, LOW, CHORUS))
    assert view_of(mirror).tracks[1].clips == frozenset((2,))
    assert looked[3:] == ["1-MIDI"]


def test_whatever_changes_a_track_or_a_clip_on_it_changes_its_view() -> None:
    beat = encode_notes([a_record(float(at), 0.1, 36 + 2 * (at % 2)) for at in range(4)])
    wave = ClipAudio(23, "/a.wav", 96_000.0, 48_000.0, 1, 0, 0.4)
    for track, message in (
        (LOW, ClipNotes(20, beat)),
        (LOW, a_clip(20, LOW, VERSE, name="line")),
        (LOW, a_clip(20, DRUMS, CHORUS, name="line")),
        (LOW, Gone(20)),
        (LOW, Gone(CHORUS)),
        (LOW, SceneState(CHORUS, 4, "chorus")),
        (LOW, a_track(LOW, 7, name="1-MIDI")),
        (VOICE, wave),
        (VOICE, ClipWarp(23, b"")),
        (LOW, InstrumentState(LOW, "Kit", "DrumGroupDevice", ("33 0 Kick",))),
    ):
        mirror = a_set()
        before = view_of(mirror)
        assert {LOW, VOICE} <= mirror.track_views.keys()
        mirror.apply(message)
        assert track not in mirror.track_views, message
        assert view_of(mirror).tracks == view_of(a_mirror(*mirror.messages())).tracks, message
        assert (view_of(mirror).tracks == before.tracks) == isinstance(message, ClipAudio | ClipWarp | InstrumentState)
