from dataclasses import replace

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.prompts.reading import read_prompt
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.sketch import SKETCH_TITLE, SketchPlan, sketch
from musearoo.engines.prompts.tempo import usual_tempo
from musearoo.engines.prompts.vocabulary import InstrumentWords
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES
from tests.engines.prompts.lexicon_on_disk import LEXICON, VOCABULARY

NOTHING = SetFacts()


def drawn(text: str, facts: SetFacts = NOTHING, bars: int = 4, seed: int = 7) -> SketchPlan:
    return sketch(read_prompt(text, LEXICON), facts, bars, seed, STYLES)


def cast(plan: SketchPlan) -> dict[str, tuple[str, int | None]]:
    return {part.role: (part.name, part.program) for part in plan.parts}


def require_a_loop(plan: SketchPlan, bars: int) -> None:
    assert plan.parts
    assert plan.length == pytest.approx(bars * plan.meter.bar_beats)
    assert plan.seconds == pytest.approx(plan.length * 60.0 / plan.bpm)
    for part in plan.parts:
        assert part.clip.length == pytest.approx(plan.length)
        assert part.clip.notes
        assert (part.program is None) == (part.role == "drums")
    assert plan.label.startswith(f"{SKETCH_TITLE}: {plan.style.name} on ")


@each_case("style", STYLES)
@each_case("meter, bars", [("4/4", 4), ("3/4", 8), ("6/8", 1), ("7/8", 2)])
def test_every_style_gives_a_whole_loop_in_every_meter(style: str, meter: str, bars: int) -> None:
    plan = drawn(style, SetFacts(bpm=113.0, meter=Meter.parse(meter), key=Key(2, "Minor")), bars)
    require_a_loop(plan, bars)
    assert (plan.style.name, plan.bpm, plan.key) == (style, 113.0, Key(2, "Minor"))


@each_case("instrument", VOCABULARY.instruments)
def test_an_instrument_alone_is_all_that_plays(instrument: InstrumentWords) -> None:
    plan = drawn(f"only {instrument.name}")
    require_a_loop(plan, 4)
    assert {part.role for part in plan.parts} <= set(instrument.roles)
    if instrument.program is not None and not instrument.general:
        assert {part.program for part in plan.parts} == {instrument.program}


@each_case(
    "text, expected",
    [
        ("only bass", {"bass"}),
        ("warm dub bass", {"bass"}),
        ("funky drums and bass", {"drums", "bass"}),
        ("funk, no drums", {"bass", "harmony", "melody"}),
        ("funk without melody", {"drums", "bass", "harmony"}),
        ("funk", {"drums", "bass", "harmony", "melody"}),
        ("rock song with a church organ", {"drums", "bass", "harmony", "melody"}),
        ("jazz piano", {"harmony", "melody"}),
        ("jazz piano, no melody", {"harmony"}),
        ("drums, bass and piano", {"drums", "bass", "harmony", "melody"}),
        ("piano and flute", {"harmony", "melody"}),
        ("a piano melody", {"melody"}),
        ("jazz chords on a Rhodes", {"harmony"}),
        ("chords, a melody and a bass", {"bass", "harmony", "melody"}),
        ("ベースだけ", {"bass"}),
    ],
)
def test_those_play_who_are_asked_for(text: str, expected: set[str]) -> None:
    assert set(cast(drawn(text))) == expected


def test_instruments_get_their_best_part_and_their_own_sound() -> None:
    parts = cast(drawn("techno with slap bass, harpsichord and a flute"))
    assert parts["bass"] == ("slap bass", 36)
    assert parts["harmony"] == ("harpsichord", 6)
    assert parts["melody"] == ("flute", 73)
    assert parts["drums"][1] is None
    both = cast(drawn("piano and guitar"))
    assert (both["harmony"], both["melody"]) == (("piano", 0), ("guitar", 27))


def test_a_family_of_instruments_is_the_styles_own_kind() -> None:
    assert cast(drawn("metal with guitar"))["harmony"] == ("distorted guitar", 30)
    assert cast(drawn("metal with acoustic guitar"))["harmony"] == ("acoustic guitar", 25)
    assert cast(drawn("techno with guitar"))["harmony"] == ("guitar", 27)


def test_instruments_without_a_part_are_reported() -> None:
    assert drawn("flute, oboe and clarinet").messages == ("A band of five has no hand free for oboe and clarinet.",)


def test_a_refused_instrument_gives_its_part_to_another() -> None:
    for seed in range(20):
        parts = cast(drawn("funk without clavinet", seed=seed))
        assert "harmony" in parts
        assert parts["harmony"][0] != "clavinet"


def test_nothing_can_be_made_of_nothing() -> None:
    with pytest.raises(ParamError, match="prompt must be one that leaves something to play"):
        drawn("funk without drums, bass, chords, melody or atmosphere")
    with pytest.raises(ParamError, match="bars must be 1 to 64, but was 65"):
        drawn("funk", bars=65)


def test_an_empty_prompt_adds_who_does_not_play_yet() -> None:
    facts = SetFacts(bpm=124.0, style="house", playing=("drums", "bass"))
    plan = drawn("", facts)
    assert plan.style.name == "house"
    assert not {"drums", "bass"} & set(cast(plan))
    assert plan.messages == ("It leaves drums and bass to those who play them in the set.",)
    full = replace(facts, playing=("drums", "bass", "harmony", "melody", "atmosphere"))
    assert {"drums", "bass"} <= set(cast(drawn("", full)))


@each_case(
    "text, facts, style",
    [
        ("banjo", NOTHING, "country"),
        ("banjo", SetFacts(style="funk"), "funk"),
        ("rock with banjo", SetFacts(style="funk"), "rock"),
        ("shoegaze", NOTHING, "rock"),
        ("something nice", NOTHING, "pop"),
        ("something slow", NOTHING, "ballad"),
        ("something nice", SetFacts(bpm=120.0), "pop"),
        ("something nice", SetFacts(bpm=72.0), "ballad"),
        ("something nice", SetFacts(bpm=174.0), "drum and bass"),
    ],
)
def test_a_style_is_the_texts_the_sets_an_instruments_or_the_tempos(text: str, facts: SetFacts, style: str) -> None:
    assert drawn(text, facts).style.name == style


def test_an_unknown_genre_is_reported() -> None:
    assert drawn("shoegaze").messages == ("No engine plays shoegaze: rock comes nearest.",)


def test_tempo_key_and_mood_come_from_the_prompt_where_the_set_has_none() -> None:
    assert drawn("techno at 140 bpm in F# minor").bpm == 140.0
    assert drawn("techno at 140 bpm in F# minor").key == Key(6, "Minor")
    slow, usual, fast = (drawn(f"{pace} techno").bpm for pace in ("slow", "", "fast"))
    tempo = STYLES["techno"].tempo
    assert tempo.low <= slow < usual == tempo.usual < fast <= tempo.high
    for seed in range(10):
        assert drawn("dark pop", seed=seed).key.is_minor
        assert not drawn("happy pop", seed=seed).key.is_minor
    assert drawn("a waltz").meter == Meter(3, 4)
    assert drawn("a waltz", SetFacts(meter=Meter())).meter == Meter()


def test_without_a_style_a_tempo_is_as_slow_or_as_fast_as_the_prompt() -> None:
    slow, usual, fast = (usual_tempo(read_prompt(f"something {pace}", LEXICON), None) for pace in ("slow", "", "fast"))
    assert (slow, usual, fast) == (80.0, 120.0, 160.0)


def test_twice_the_tempo_is_played_in_twice_the_bars_and_fits_the_grid() -> None:
    chords = parse_progression("Am F C G")
    plan = drawn("drum and bass", SetFacts(bpm=87.0, chords=chords))
    require_a_loop(plan, 4)
    assert plan.bpm == 87.0
    assert [(span.start, span.chord.symbol) for span in plan.chords] == [
        (span.start, span.chord.symbol) for span in chords
    ]
    (drums,) = [part.clip for part in plan.parts if part.role == "drums"]
    at_speed = drawn("drum and bass", SetFacts(bpm=174.0), bars=8)
    (fast,) = [part.clip for part in at_speed.parts if part.role == "drums"]
    assert [note.start * 2.0 for note in drums.notes] == pytest.approx([note.start for note in fast.notes])


def test_half_time_drums_have_half_the_backbeats() -> None:
    def loud_snares(text: str) -> int:
        (drums,) = [part.clip for part in drawn(text).parts if part.role == "drums"]
        return sum(note.pitch in (38, 40) and note.velocity > 80 for note in drums.notes)

    assert loud_snares("rock drums, half-time") < loud_snares("rock drums") <= loud_snares("rock drums, double time")


def test_busy_and_sparse_prompts_differ_and_so_do_seeds() -> None:
    def count(text: str) -> int:
        return sum(len(part.clip.notes) for seed in range(5) for part in drawn(text, seed=seed).parts)

    assert count("sparse simple funk drums") < count("funk drums") < count("busy complex funk drums")
    assert drawn("funk", seed=1) == drawn("funk", seed=1)
    assert drawn("funk", seed=1) != drawn("funk", seed=2)


def test_a_failing_engine_leaves_the_others_playing_and_is_reported() -> None:
    def fail(*_: object) -> Clip:
        raise RuntimeError("no strings")

    engines = [replace(engine, generate=fail) if engine.part == "bass" else engine for engine in ENGINES]
    plan = sketch(read_prompt("funk", LEXICON), NOTHING, 4, 7, STYLES, engines)
    assert set(cast(plan)) == {"drums", "harmony", "melody"}
    assert plan.messages == ("BassaRoo failed (no strings): it stays silent.",)
    with pytest.raises(ParamError, match="prompt must be one of which funk has something to play"):
        sketch(read_prompt("only bass", LEXICON), SetFacts(style="funk"), 4, 7, STYLES, engines)
