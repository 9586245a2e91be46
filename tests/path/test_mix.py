"""Mix: levels, places and sends of what plays, as one undo step; what is pinned or automated stays."""

import pytest

from musearoo.bridge.protocol import Done
from musearoo.bridge.protocol.types import Message
from musearoo.tools.studio.processes import Studio

WITHIN = 20.0
VOLUME = "song.tracks[{}].mixer_device.volume.value"


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


@pytest.fixture(scope="module")
def band(studio: Studio) -> Studio:
    """A studio in which the band plays, on tracks of its own from the fifth on."""
    done(studio.device.wait_for(studio.device.press("band", style="rock", bars=4, seed=3, scene=0), WITHIN))
    studio.device.idle(0.3)  # a new track has its routing a tick later
    return studio


def volumes(studio: Studio, count: int = 3) -> list[float]:
    """The faders of the band's first tracks."""
    return [studio.live.get(VOLUME.format(index)) for index in range(4, 4 + count)]


def test_a_mix_moves_faders_and_one_undo_takes_it_back(band: Studio) -> None:
    before, faders = band.live.snapshot(), volumes(band)
    answer = done(band.device.wait_for(band.device.mix(style="rock"), WITHIN))
    assert answer.name.startswith("rock mix: ")
    assert "LUFS" in answer.name
    assert volumes(band) != faders
    band.live.undo()
    assert band.live.snapshot() == before
    band.device.idle(0.3)


def test_a_look_moves_nothing(band: Studio) -> None:
    before = band.live.snapshot()
    answer = done(band.device.wait_for(band.device.mix(style="rock", write=False), WITHIN))
    assert "moves to make" in answer.name
    assert band.live.snapshot() == before


def test_a_pinned_track_stays(band: Studio) -> None:
    faders = volumes(band)
    done(band.device.wait_for(band.device.mix(style="rock", pinned="drummaroo, BassaRoo"), WITHIN))
    assert volumes(band, 2) == faders[:2]
    band.live.undo()
    band.device.idle(0.3)


def test_a_second_mix_finds_little_to_move(band: Studio) -> None:
    done(band.device.wait_for(band.device.mix(style="rock"), WITHIN))
    band.device.idle(0.3)
    faders = volumes(band)
    done(band.device.wait_for(band.device.mix(style="rock"), WITHIN))
    assert volumes(band) == pytest.approx(faders, abs=0.03)
    band.live.undo()
    band.device.idle(0.3)


def test_an_equaliser_is_put_where_parts_cover_each_other_and_taken_back(studio: Studio) -> None:
    before = studio.live.snapshot()
    done(studio.device.wait_for(studio.device.press("band", style="metal", bars=4, seed=3, scene=2), WITHIN))
    studio.device.idle(0.3)
    played = studio.live.snapshot()
    done(studio.device.wait_for(studio.device.mix(style="metal"), WITHIN))
    tracks = studio.live.snapshot()["tracks"]
    equalised = [track for track in tracks if any(each["name"] == "EQ Eight" for each in track.get("devices", ()))]
    assert equalised, "nothing was cured"
    for track in equalised:
        (equaliser,) = [device for device in track["devices"] if device["name"] == "EQ Eight"]
        switched = [band for band in range(1, 9) if equaliser["parameters"][f"{band} Filter On A"] == 1.0]
        assert switched
    studio.device.idle(0.3)
    done(studio.device.wait_for(studio.device.mix(style="metal"), WITHIN))
    names = [[device["name"] for device in track.get("devices", ())] for track in studio.live.snapshot()["tracks"]]
    assert all(each.count("EQ Eight") <= 1 for each in names)
    while studio.live.snapshot() != played:
        studio.live.undo()
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.device.idle(0.3)
