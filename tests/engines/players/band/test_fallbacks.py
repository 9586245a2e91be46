"""One failing or late engine does not affect the others."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.players.band.fallbacks import Outcome, PartTask, play_in_order, play_safely
from musearoo.engines.players.params import EngineParams
from tests.each_case import each_case
from tests.engines.players.band.players import Play, broken, one_note, only_simple, player, too_short
from tests.engines.presets_on_disk import STYLES

CONTEXT = MusicalContext.plain(meter="3/4")


def task(engine: EngineRecord) -> PartTask:
    return PartTask(engine, EngineParams(style=STYLES["rock"], bars=4), CONTEXT, 1)


def pattern(*_: object) -> Clip:
    return Clip("of the library", 3.0, (Note(0.0, 36, 0.5, 90.0),), CONTEXT.meter.value)


def test_all_goes_well() -> None:
    take = play_safely([task(player("bass", one_note))])[0]
    assert (take.role, take.engine, take.fallback, take.error) == ("bass", "bassroo", "", None)
    assert take.clip.length == 12.0


def test_a_simpler_take_comes_first() -> None:
    take = play_safely([task(player("drums", only_simple))], pattern=pattern)[0]
    assert take.fallback == "DrumsRoo failed (a string broke): a simpler take plays."
    assert isinstance(take.error, LookupError)
    assert len(take.clip) == 1


@each_case("play, complaint", [(broken, "a string broke"), (too_short, "1 beats where 12")])
def test_then_a_pattern_of_the_library(play: Play, complaint: str) -> None:
    take = play_safely([task(player("bass", play))], pattern=pattern)[0]
    assert complaint in take.fallback
    assert take.fallback.endswith("a pattern from the library plays.")
    assert (take.clip.length, len(take.clip)) == (12.0, 4)


def test_then_silence() -> None:
    for found in (None, lambda *_: None):
        take = play_safely([task(player("bass", broken))], pattern=found)[0]
        assert take.fallback.endswith("it stays silent.")
        assert (take.clip.length, take.clip.notes, take.clip.meter) == (12.0, (), CONTEXT.meter.value)


def test_the_others_play_on() -> None:
    tasks = [task(player("drums", one_note)), task(player("bass", broken)), task(player("melody", one_note))]
    takes = play_safely(tasks)
    assert [bool(take.fallback) for take in takes] == [False, True, False]
    assert [take.role for take in takes] == ["drums", "bass", "melody"]


def test_a_late_engine_is_reported() -> None:
    def run(tasks: Sequence[PartTask]) -> list[Outcome]:
        return [
            TimeoutError() if each.params.complexity else outcome
            for each, outcome in zip(tasks, play_in_order(tasks), strict=True)
        ]

    take = play_safely([task(player("harmony", one_note))], run)[0]
    assert take.fallback == "HarmonyRoo was late: a simpler take plays."
