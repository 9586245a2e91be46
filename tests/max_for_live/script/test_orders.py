"""What each button asks of the daemon, by the controls and by where the device sits."""

from typing import Any

import pytest

from musearoo.bridge.protocol import Analyze, Generate, Hello, Imagine, Mix, Refine, Split, Undo, WriteSong
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.scale import Key
from musearoo.max_for_live.table.setting import STYLE_NAMES
from tests.max_for_live.script.conftest import SESSION, Load, welcome
from tests.max_for_live.script.stage import Place, Stage, orders

OWN, HERE, REPLACE = 0, 1, 2


def press(stage: Stage, button: str, **controls: Any) -> Message:
    """What a button sends once the controls are set so."""
    for name, value in controls.items():
        assert stage.say(name, value) == []
    sent = stage.say(button, "bang")
    # Imagine waits for its prompt, at the longest until the next tick.
    (order,) = orders(sent if orders(sent) else stage.wait(0.15))
    return order


def generate(stage: Stage, **controls: Any) -> Generate:
    order = press(stage, "drums", **controls)
    assert isinstance(order, Generate)
    return order


def choices(stage: Stage, menu: str) -> list[str]:
    found: list[str] = stage.evaluate(f"DEVICE.choices.{menu}")
    return found


@pytest.mark.parametrize(
    ("button", "engine"),
    [
        ("drums", "drummaroo"),
        ("bass", "bassaroo"),
        ("harmony", "harmonyroo"),
        ("melody", "melodyroo"),
        ("atmos", "atmosroo"),
        ("band", "band"),
    ],
)
def test_each_player_has_its_button(stage: Stage, button: str, engine: str) -> None:
    assert press(stage, button) == Generate(
        session=SESSION,
        press=1,
        engine=engine,
        style="",
        bars=8,
        seed=-1,
        complexity=0.5,
        density=0.5,
        humanise=0.5,
        swing=0.0,
        key="",
        options="",
        track=-1,
        scene=3,
        replace=0,
    )


def test_the_other_buttons(stage: Stage) -> None:
    assert press(stage, "song") == WriteSong(SESSION, 1, "", "", 180.0, -1, 0.5, "", 0)
    assert press(stage, "mix") == Mix(SESSION, 2, "", "", 1)
    assert press(stage, "undo") == Undo(SESSION, 3)
    assert press(stage, "analyse") == Analyze(SESSION, 4, -1, -1, *(0,) * 7)
    assert press(stage, "split") == Split(SESSION, 5, -1, -1, "", 4, 0)
    assert press(stage, "again") == Refine(SESSION, 6, "again", "", 0, 0, 0, 0, -1, -1, -1, 0)


def test_no_empty_text_goes_out(load: Load) -> None:
    # Nobody has seen yet whether Max keeps empty texts.
    stage = load(Place(set_name=""))
    stage.hear(welcome())
    for button in stage.evaluate("Object.keys(DEVICE.labels)"):
        stage.say(button, 1)
    stage.wait(0.3)
    packets = [each.atoms for each in stage.sent if each.outlet == 1 and each.atoms[0] != "port"]
    assert len(packets) > 15
    assert not [atoms for atoms in packets if "" in atoms]


@pytest.mark.parametrize(
    ("choice", "writes"),
    [
        (0, set()),
        (1, {"warp", "name"}),
        (2, {"tempo", "meter", "scale", "warp", "locators", "name"}),
    ],
)
def test_what_analyse_writes(stage: Stage, choice: int, writes: set[str]) -> None:
    order = press(stage, "analyse", analyse_for=choice)
    names = ("deep", "tempo", "meter", "scale", "warp", "locators", "name")
    assert {name for name in names if getattr(order, name)} == writes


def test_every_button_of_the_table_does_something(stage: Stage) -> None:
    for button in stage.evaluate("Object.keys(DEVICE.labels)"):
        before = stage.status
        stage.say(button, 1)
        assert stage.status != before, button
        # No more presses may be under way at once than the daemon lets a device have.
        stage.say("cancel", 1)


def test_every_style_of_the_menu_is_sent_by_its_name(stage: Stage) -> None:
    sent = []
    for index in range(len(STYLE_NAMES) + 1):
        sent.append(generate(stage, style=index).style)
        stage.say("cancel", 1)
    assert sent == ["", *STYLE_NAMES]


def test_every_key_of_the_menus_is_one_that_the_engines_read(stage: Stage) -> None:
    roots, modes = choices(stage, "key_root"), choices(stage, "key_mode")
    assert generate(stage, key_root=0).key == ""
    for index in range(1, len(roots)):
        for mode in range(len(modes)):
            stage.say("cancel", 1)
            key = generate(stage, key_root=index, key_mode=mode).key
            assert key == f"{roots[index]} {modes[mode]}"
            assert Key.parse(key) == Key(index - 1, modes[mode])


def test_the_lengths_of_the_menus(stage: Stage) -> None:
    found = []
    for index in range(len(choices(stage, "bars"))):
        found.append(generate(stage, bars=index).bars)
        stage.say("cancel", 1)
    assert found == [1, 2, 4, 8, 12, 16, 24, 32]
    songs = [press(stage, "song", song_length=index) for index in range(len(choices(stage, "song_length")))]
    assert [song.seconds for song in songs if isinstance(song, WriteSong)] == [60, 120, 180, 240, 300]


@pytest.mark.parametrize(("percent", "share"), [(0, 0.0), (25, 0.25), (100, 1.0), (130, 1.0), (-5, 0.0)])
def test_the_dials(stage: Stage, percent: float, share: float) -> None:
    order = generate(stage, complexity=percent, density=percent, humanise=percent)
    assert (order.complexity, order.density, order.humanise) == (share, share, share)


@pytest.mark.parametrize(
    ("percent", "swing"), [(0, 0.0), (0.3, 0.0), (0.7, 1.0), (1, 1.0), (50.5, 2.0), (100, 3.0), (400, 3.0)]
)
def test_swing_follows_the_set_at_zero(stage: Stage, percent: float, swing: float) -> None:
    assert generate(stage, swing=percent).swing == pytest.approx(swing)


@pytest.mark.parametrize("wild", [-1, 99, 2.4])
def test_a_menu_out_of_range_means_its_nearest_choice(stage: Stage, wild: float) -> None:
    order = generate(stage, style=wild, bars=wild)
    expected = {-1: ("", 1), 99: (STYLE_NAMES[-1], 32), 2.4: (STYLE_NAMES[1], 4)}[wild]
    assert (order.style, order.bars) == expected


@pytest.mark.parametrize("racks", [(), ("devices 1", "chains 0"), ("devices 0", "chains 2", "devices 0", "chains 1")])
def test_the_track_is_found_through_racks(join: Load, racks: tuple[str, ...]) -> None:
    stage = join(Place(racks=racks))
    order = generate(stage, where=HERE)
    assert (order.track, order.scene, order.replace) == (2, 3, 0)
    stage.put(Place(track="live_set tracks 0", racks=racks, scene=5))
    order = generate(stage, where=REPLACE)
    assert (order.track, order.scene, order.replace) == (0, 5, 1), "the track was moved, another scene chosen"


@pytest.mark.parametrize("track", ["live_set return_tracks 1", "live_set master_track"])
def test_returns_and_main_have_no_slots(join: Load, track: str) -> None:
    stage = join(Place(track=track))
    assert orders(stage.say("where", HERE)) == orders(stage.say("drums", 1)) == []
    assert stage.status.startswith("This device sits on a return or on the Main track")
    assert generate(stage, where=OWN).track == -1


def test_a_frozen_track_is_said_and_nothing_sent(join: Load) -> None:
    stage = join(Place(is_frozen=True))
    stage.say("where", HERE)
    for button in ("drums", "imagine"):
        assert orders(stage.say(button, 1)) == []
        assert stage.status == "Track 3 is frozen: unfreeze it, or choose “Own track”."
    assert generate(stage, where=OWN).track == -1


def test_a_live_that_does_not_say_where_is_told(stage: Stage) -> None:
    stage.evaluate("world.isBroken = true")
    stage.say("where", HERE)
    assert orders(stage.say("drums", 1)) == []
    assert stage.status.startswith("Live does not say on which track this device sits")


@pytest.mark.parametrize(
    ("place", "clip"),
    [
        (Place(detail="live_set tracks 1 clip_slots 4 clip"), (1, 4)),
        (Place(detail="live_set tracks 1 arrangement_clips 0"), (-1, -1)),
        (Place(clips={(2, 0): "a", (2, 3): "b"}, playing=0), (2, 0)),
        (Place(clips={(2, 3): "b"}), (2, 3)),
        (Place(clips={(2, 5): "c"}), (-1, -1)),
        (Place(clips={(2, 3): "b"}, playing=-2), (2, 3)),
    ],
)
def test_which_clip_is_meant(join: Load, place: Place, clip: tuple[int, int]) -> None:
    stage = join(place)
    analyze, split = press(stage, "analyse"), press(stage, "split")
    assert isinstance(analyze, Analyze)
    assert (analyze.track, analyze.scene) == clip
    assert isinstance(split, Split)
    assert (split.track, split.scene) == clip


def test_imagine_takes_the_prompt_as_it_stands_at_the_press(join: Load) -> None:
    stage = join(Place(detail="live_set tracks 1 clip_slots 4 clip"))
    # The patch answers at once, while the script is still sending.
    stage.echo(0, "prompt", ["prompt", "text", "warm dusty keys"])
    imagine = press(stage, "imagine", imagine_from=2, imagine_with=2, where=HERE, bars=3, key_root=1, key_mode=1)
    assert imagine == Imagine(
        session=SESSION,
        press=1,
        prompt="warm dusty keys",
        bars=8,
        takes=1,
        seed=-1,
        backend="stable-audio",
        model="",
        key="C Minor",
        style="",
        follow=1,
        use=2,
        source_track=1,
        source_scene=4,
        track=2,
        scene=3,
        replace=0,
    )
    words = press(stage, "imagine", imagine_from=0, imagine_with=0)
    assert isinstance(words, Imagine)
    assert (words.source_track, words.source_scene, words.backend) == (-1, -1, "")


@pytest.mark.parametrize(
    ("atoms", "prompt"),
    [
        (("text", "warm", "keys", 120, "bpm"), "warm keys 120 bpm"),
        (("text",), ""),
        (("text", "text of a song"), "text of a song"),
        (("text", "ä" * 400), "ä" * 300),
        (("text", "🎹" * 200), "🎹" * 150),
        (("text", "a\ud800b"), "a\ufffdb"),
        (("text", "no\0zero"), "nozero"),
    ],
)
def test_the_prompt_is_cut_and_never_refused(stage: Stage, atoms: tuple[Any, ...], prompt: str) -> None:
    stage.say("prompt", *atoms)
    imagine = press(stage, "imagine")
    assert isinstance(imagine, Imagine)
    assert imagine.prompt == prompt


def test_a_prompt_that_comes_after_the_press_counts(stage: Stage) -> None:
    stage.say("prompt", "text", "old")
    sent = stage.say("imagine", 1)
    assert orders(sent) == []
    assert stage.status == "Imagine …"
    assert [each.atoms for each in sent][-1] == ["prompt", "bang"]
    (imagine,) = orders(stage.say("prompt", "text", "new"))
    assert isinstance(imagine, Imagine)
    assert imagine.prompt == "new"
    assert orders(stage.say("prompt", "text", "newer")) == orders(stage.wait(0.3)) == []


def test_imagine_is_cancelled_while_it_waits_for_its_prompt(stage: Stage) -> None:
    stage.say("imagine", 1)
    assert orders(stage.say("cancel", 1)) == []
    assert orders(stage.say("prompt", "text", "new")) == orders(stage.wait(0.3)) == []


def test_the_set_name_is_cut(load: Load) -> None:
    stage = load(Place(set_name="ü" * 200))
    (hello,) = orders(stage.sent)
    assert isinstance(hello, Hello)
    assert hello.set_name == "ü" * 127


def test_controls_that_come_back_before_live_is_there_count(source: str) -> None:
    stage = Stage(source)
    for name, value in {"bars": 0, "style": 1, "complexity": 80, "where": HERE, "drums": 0, "talk_latch": 1}.items():
        assert stage.say(name, value) == []
    stage.say("prompt", "text", "strings")
    stage.say("loaded")
    stage.hear(welcome())
    order = generate(stage)
    assert (order.bars, order.style, order.complexity, order.track) == (1, STYLE_NAMES[0], 0.8, 2)


def test_dials_stand_where_the_table_has_them(stage: Stage) -> None:
    assert stage.evaluate("DEVICE.initial.complexity") == 50
