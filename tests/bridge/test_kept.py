"""What presses and plays came to, as it was kept: orders of all kinds read from sets, and anything at all conducted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bridge.adjust import Action, Adjust, ChangeSeveral
from bridge.adjust_press import compose_adjust
from bridge.analysis_writer import Wanted, analysis_transaction
from bridge.arrivals import Arrivals
from bridge.copilot_orders import deed_of, order_of
from bridge.copilot_view import view_of
from bridge.events import (
    ClipHeard,
    Composed,
    Event,
    HarmonyFound,
    LongOrder,
    NotComposed,
    Order,
    Progressed,
    SpeechFailed,
    SpeechHeard,
    SpeechLevel,
)
from bridge.imagine_press import TakeFile, read_imagine, write_imagined
from bridge.mirror import RETURN_TRACK, SetMirror
from bridge.press import PressError
from bridge.split_press import read_split, stem_files, write_split
from bridge.wire import (
    MANNERS,
    MESSAGES,
    Audition,
    ClipNotes,
    CreateClip,
    Gone,
    Hello,
    Imagine,
    MixerState,
    Refusal,
    ScriptHello,
    SongState,
    Split,
    Transaction,
)
from bridge.wire_codec import encode_notes
from bridge.wire_types import Kind, Message, Route, Spec, build
from engines.errors import EngineError, ParamError
from engines.music.meter import Meter
from engines.refining.wishes import Wish
from tests.bridge import test_adjust_press, test_arrivals, test_copilot_view, test_press, test_split_press
from tests.bridge.samples import largest, ordinary, smallest
from tests.bridge.stage import Stage, a_song
from tests.bridge.test_analysis_writer import audio_clip, heard, steady
from tests.bridge.test_mirror import a_clip, a_record, a_track
from tests.bridge.test_orders import BAND, MIX, REFINE, SONG, composed
from tests.kept import Outcome, check_kept


def _a_band() -> Iterator[Message]:
    """Parts of all engines in the verse, on faders of which some are held."""
    band = (("DrummaRoo", 36), ("BassaRoo", 33), ("HarmonyRoo", 60), ("Lead", 76), ("Pad", 55), ("Shaker", 70))
    for place, (name, pitch) in enumerate(band):
        yield a_track(50 + place, 3 + place, name=name)
        yield MixerState(
            50 + place, 0.6 + 0.05 * place, 0.1 * (place - 2), ("", "volume", "panning,sends")[place % 3], (0.0, 0.2)
        )
        yield a_clip(60 + place, 50 + place, test_press.VERSE, name=name)
        notes = [a_record(step / 2, 0.4, pitch + step % 5) for step in range(8)]
        yield ClipNotes(60 + place, encode_notes(notes))
    yield a_track(90, 0, RETURN_TRACK, "A-Reverb")
    yield a_track(91, 1, RETURN_TRACK, "B-Delay")


SETS = {
    "press": test_press.a_set(),
    "waltz": test_press.a_set(song=SongState("", 71.3, 3, 4, 2, "Dorian", 0, 0)),
    "split": test_split_press.a_set(),
    "mixer": test_adjust_press.a_set(),
    "view": test_copilot_view.a_set(),
    "band": test_press.a_set(*_a_band()),
}
ENGINES = ("drummaroo", "bass", "harmonyroo", "melodyroo", "atmosroo", "band", "drums, bass")
CHORDS = ("", "Dm7 G7 Cmaj7", "Am | F | C | G")
KEYS = ("", "D minor", "F# major")


def pick(chance: Random, *values: Any) -> Any:
    return values[int(chance.random() * len(values))]


def orders() -> Iterator[tuple[Order | LongOrder, str]]:
    """Orders of buttons in any mixture, each with the set that it is for."""
    wishes = tuple(wish.value for wish in Wish)
    for number in range(216):
        chance = Random(number)
        # Of what cannot be, one at a time.
        bad = number % 5 == 4
        place = {
            "track": 9 if bad and number % 2 else pick(chance, -1, 0, 2, 2, 3),
            "scene": pick(chance, -1, -2, 1, 1, 1),
        }
        shared: dict[str, Any] = {
            "style": "no style" if bad and number % 3 == 0 else pick(chance, "", "", "funk", "jazz swing", "house"),
            "seed": pick(chance, -1, 7, 99),
        }
        match number % 9:
            case 0 | 1 | 2:
                order: Any = replace(
                    BAND,
                    engine="nobody" if bad and number % 3 == 1 else ENGINES[number % len(ENGINES)],
                    bars=pick(chance, 1, 2, 4, 7),
                    complexity=chance.random(),
                    density=chance.random(),
                    humanise=pick(chance, 0.0, 0.5, 1.0),
                    swing=0.5 if bad and number % 3 == 2 else pick(chance, 0.0, 0.0, 1.6),
                    key="no key" if bad and number % 7 == 0 else pick(chance, *KEYS),
                    chords="H7" if bad and number % 7 == 1 else pick(chance, *CHORDS),
                    changes=pick(chance, "", "", *wishes),
                    takes=pick(chance, 1, 1, 3),
                    bpm=pick(chance, 0.0, 0.0, 97.5),
                    replace=pick(chance, 0, 1),
                    options=pick(chance, *[""] * 9, "octave=1", "manner=pedal"),
                    to_played=pick(chance, *[""] * 12, *MANNERS),
                    **place,
                    **shared,
                )
            case 3 | 4:
                # A clip that is there, mostly.
                place = place if number % 4 == 0 else {"track": pick(chance, 2, 2, 3, 4), "scene": 1}
                changes = {"changes": pick(chance, *wishes), "take": pick(chance, 0, 0, 1)}
                bars = {
                    "first_bar": pick(chance, 0, 0, 0, 1),
                    "last_bar": pick(chance, 0, 1),
                    "vary_bars": pick(chance, 0, 0, 4),
                }
                order = replace(REFINE, **changes, **bars, **place, **shared)
            case 5:
                order = replace(SONG, seconds=pick(chance, 20.0, 40.0), key=pick(chance, *KEYS), **shared)
            case 6:
                order = replace(MIX, style=shared["style"], write=number // 9 % 2)
            case 7:
                many = [replace(REFINE, track=track, scene=1, changes=pick(chance, *wishes)) for track in (2, 3, 5)]
                order = ChangeSeveral(session=500, press=1, changes=tuple(many[number // 9 % 2 :]))
            case _:
                order = Audition(500, 1, 1, pick(chance, 2, 2, 3, 5), 1)
        yield order, ("band", "press", "band", "waltz", "band", "view")[number // 9 % 6]


def outcomes() -> Iterator[Outcome]:
    for number, (order, name) in enumerate(orders()):
        yield f"{number} {type(order).__name__} in {name}", _or_error(_composed, order, SETS[name])
        if not isinstance(order, Audition):
            yield f"{number} as a deed", _or_error(_there_and_back, order)
    yield from _adjustments()
    yield from _sounds()
    yield from _analyses()
    for name, mirror in SETS.items():
        yield f"{name}, seen", view_of(mirror, key="D minor", key_confidence=0.7, chords="Dm", style="funk")
    for number in range(12):
        yield from _conducted(number)
        yield from _arrived(number)


def _composed(order: Any, mirror: SetMirror) -> object:
    made = composed(order, mirror)
    return made.messages, made.name, made.told, [(part.role, part.clip) for part in made.parts]


def _there_and_back(order: Any) -> object:
    deed = deed_of(order, SETS["press"])
    return deed, deed and order_of(deed, 7, 3, SETS["press"])


def _or_error(work: Any, *given: Any) -> object:
    try:
        return work(*given)
    except PressError as error:
        return error.code.name, error.sentence
    except (EngineError, ParamError) as error:
        return error


def _adjustments() -> Iterator[Outcome]:
    for number, action in enumerate([*Action] * 4):
        chance = Random(number)
        order = Adjust(
            session=1,
            press=2,
            action=action,
            tracks=pick(chance, (), (0,), (1, 2), (9,)),
            scene=pick(chance, -1, 0, 1, 7),
            db=pick(chance, -3.0, 2.0, 20.0),
            bpm=pick(chance, 96.5, 10.0),
            key=pick(chance, *KEYS[1:], "no key"),
        )
        yield f"{number} {action.name}", _or_error(compose_adjust, SETS["mixer"], order, "device-1:2", 99.5)


def _sounds() -> Iterator[Outcome]:
    mirror = SETS["split"]
    files = stem_files({name: f"/s/Break {name}.wav" for name in ("drums", "bass", "vocals", "other")})
    for number in range(30):
        chance = Random(number)
        split = Split(1, 1, pick(chance, -1, 0, 0, 4), pick(chance, -1, 0, 0, 1), "", pick(chance, 4, 6), number % 2)
        yield f"{number} split", _or_error(lambda split=split: read_split(mirror, split))
        yield (
            f"{number} stems",
            _or_error(
                lambda split=split: write_split(mirror, read_split(mirror, split), files, "dsp", "request", 99.0)
            ),
        )
        use, takes = pick(chance, 0, 1, 2), pick(chance, 1, 2)
        place = pick(chance, -1, 0, 3), pick(chance, -1, -2, 0, 1)
        ask = Imagine(
            *(1, 1, "warm dub bass", 2, takes, 7, "", "", pick(chance, *KEYS), "", number % 2, use),
            *(pick(chance, -1, 0), pick(chance, -1, 0), *place, 0),
        )
        asked = SETS[pick(chance, "split", "press")]
        yield (
            f"{number} imagined",
            _or_error(lambda ask=ask, asked=asked: read_imagine(asked, ask, "r", lambda _: None)),
        )
        made = [TakeFile(f"/loops/bass {take}.wav", f"bass {take}", 120.0, 8.0) for take in range(takes)]
        yield (
            f"{number} loops",
            _or_error(
                lambda ask=ask, asked=asked, made=made: write_imagined(
                    asked, read_imagine(asked, ask, "r", lambda _: None), made, "Dub", "r", 99.0
                )
            ),
        )


def _analyses() -> Iterator[Outcome]:
    for number in range(40):
        chance = Random(number)
        meter = pick(chance, Meter(), Meter(3, 4), Meter(6, 8))
        start = pick(chance, 0.0, 0.31, 2.0)
        rhythm = steady(pick(chance, 87.0, 120.0, 174.0), pick(chance, 2, 8), meter, start, chance.random() < 0.5)
        wanted = Wanted(*(chance.random() < 0.7 for _ in range(6)))
        seconds = pick(chance, 4.0, 16.0, 31.5)
        clip = audio_clip(
            seconds, chance.random() < 0.5, pick(chance, 0, 5), chance.random() < 0.5, pick(chance, 0.0, 8.0)
        )
        yield (
            f"{number} analysis",
            _or_error(
                lambda clip=clip, rhythm=rhythm, wanted=wanted, seconds=seconds: analysis_transaction(
                    heard(rhythm, seconds), clip, wanted, "request", 99.0
                )
            ),
        )


def _arrived(number: int) -> Iterator[Outcome]:
    """Clips that come, go, move and are recorded, on tracks that are marked now and then."""
    chance, arrivals, mirror = Random(number), Arrivals(), test_arrivals.a_set()
    mark, now = test_arrivals.MARK, 0.0
    for step in range(120):
        now += 0.1 + 0.2 * chance.random()
        clip, track = 1 + int(chance.random() * 4), pick(chance, 10, 10, 11)
        match int(chance.random() * 12):
            case 0 | 1:
                changed = {"start": pick(chance, 0.0, 0.0, 4.0), "is_recording": pick(chance, 0, 0, 1)}
                for message in test_arrivals.dropped(clip, track, **changed):
                    mirror.apply(message)
            case 2:
                mirror.apply(Gone(clip))
            case _:
                pass
        marks = [] if step % 40 > 36 else [mark]
        found = arrivals.look(mirror, marks, now)
        if found:
            yield f"arrivals {number}, step {step}", found


def _conducted(number: int) -> Iterator[Outcome]:
    """A play in which devices, Lives and work say whatever may be said, at any time."""
    chance = Random(number)
    stage = Stage()
    stage.live(song=a_song("one"))
    sessions = [stage.hello(f"device-{place}", 25_000 + place, "one") for place in range(2)]
    said = [cls for cls in MESSAGES if cls.route in (Route.DEVICE_TO_DAEMON, Route.SCRIPT_TO_DAEMON)]
    for step in range(250):
        cls = pick(chance, *said)
        stage.now += 0.03 * chance.random()
        if chance.random() < 0.4:
            effects = stage.play(_an_event(chance, stage, pick(chance, *sessions)))
            name = "event"
        elif cls in (Hello, ScriptHello):
            effects, name = stage.tick(pick(chance, 0.1, 0.5, 3.0)), "tick"
        else:
            message = _a_message(cls, chance, pick(chance, *sessions))
            effects = stage.device(message) if cls.route is Route.DEVICE_TO_DAEMON else stage.script(message)
            name = cls.__name__
        if effects:
            yield f"play {number}, step {step}, {name}", effects
        if step % 60 == 59:
            stage.lose()
            stage.live(song=a_song("one"))
            sessions = [stage.hello(f"device-{place}", 25_000 + place, "one") for place in range(2)]
    yield f"play {number}, in the end", (stage.state.presses, stage.state.takes, stage.state.jam, stage.state.sentences)


def _an_event(chance: Random, stage: Stage, session: int) -> Event:
    key = pick(chance, *stage.state.presses, (session, 1), (session, 2))
    press = stage.state.presses.get(key)
    request = press.request_id if press else "device-1:1"
    clip = CreateClip(1, 2, 1, 32.0, "Funk drums", -1, 1, 4, 4, b"")
    now = stage.now
    return pick(  # type: ignore[no-any-return]
        chance,
        Composed(now, key, (Transaction(request, 0.0), clip), pick(chance, "", "Band"), pick(chance, (), ("Told.",))),
        NotComposed(now, key, Refusal.ENGINE_FAILED, "The engine failed."),
        Progressed(now, key, 0.4, "half"),
        SpeechLevel(now, key, 0.7, "give me"),
        SpeechHeard(now, key, "give me a bass", 0.9, 20.0),
        SpeechFailed(now, key, "Nothing was heard."),
        HarmonyFound(now, 1, "D minor", "Dm7", 0.8, "funk", 0.6),
        ClipHeard(now, 1, "A loop was heard.", chance.random() < 0.5),
    )


def _a_message(cls: type[Message], chance: Random, session: int) -> Message:
    """A message with ordinary and extreme values, of a session and a press that there are."""

    def value(name: str, spec: Spec) -> object:
        if name == "session":
            return session
        if spec.kind is Kind.WHOLE and name in ("press", "number", "held", "playing"):
            return max(int(spec.low), min(int(spec.high), pick(chance, 0, 1, 1, 2)))
        if spec.kind is Kind.BLOB:
            return b""
        return pick(chance, smallest, ordinary, ordinary, largest)(spec)

    return build(cls, [value(name, spec) for name, spec in cls.specs])


@pytest.mark.filterwarnings("ignore")
def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
