"""Requests to a session, as clients send them. REST names their kind in the path, WebSocket in the field `do`.

Tracks and scenes count from 1, as Live shows them. Omitted fields keep their defaults.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, field

LARGEST_SEED: Final = 2**31 - 1
NEW_SCENE: Final = 0
"""The number that stands for a new scene at the end."""

UNIT: Final = "x-unit"
"""The keyword of a schema for the unit of a value; JSON Schema has none."""

Complexity = Annotated[
    float, Meta(ge=0, le=1, description="how much happens beyond the plain pattern; 0.5 is usual for the style")
]
Density = Annotated[float, Meta(ge=0, le=1, description="how finely time is divided; 0.5 is usual for the style")]
Humanise = Annotated[
    float, Meta(ge=0, le=1, description="variation of timing and velocity: 0 none, 0.5 as players of the style have")
]
SwingRatio = Annotated[
    float,
    Meta(ge=1, le=3.5, description="long to short: 1 straight, 2 triplets", extra_json_schema={UNIT: "ratio"}),
]
Chords = Annotated[str, Meta(max_length=160, description='chords to play over, such as "Am F | C G"')]
Option = str | int | float | bool | tuple[Annotated[str, Meta(max_length=64)], ...]
Options = Annotated[
    dict[str, Option],
    Meta(max_length=20, description="parameters that only this engine has: /api/v3/engines lists them"),
]
Replace = Annotated[bool, Meta(description="whether a clip that is there already is replaced")]
Bars = Annotated[int, Meta(ge=1, le=64, description="length in bars", extra_json_schema={UNIT: "bars"})]
Bpm = Annotated[float, Meta(ge=20, le=999, description="tempo in beats a minute", extra_json_schema={UNIT: "bpm"})]
KeyName = Annotated[str, Meta(max_length=32, description='key such as "A minor"; empty follows the set')]
StyleName = Annotated[str, Meta(max_length=32, description="style, such as funk; empty for the one that suits the set")]
Decibels = Annotated[
    float, Meta(ge=-60, le=60, description="level: how far faders move", extra_json_schema={UNIT: "dB"})
]
Seed = Annotated[int, Meta(ge=0, le=LARGEST_SEED, description="the same seed gives the same notes; none draws one")]
Takes = Annotated[int, Meta(ge=1, le=8, description="how many different takes")]
TrackNumber = Annotated[int, Meta(ge=1, le=1000, description="track, counted from 1 as Live shows it")]
SceneNumber = Annotated[int, Meta(ge=1, le=1000, description="scene, counted from 1")]
IntoScene = Annotated[int, Meta(ge=0, le=1000, description="scene, counted from 1; 0 for a new one at the end")]
Modifier = Annotated[str, Meta(max_length=60)]
Modifiers = Annotated[
    tuple[Modifier, ...], Meta(max_length=12, description='what is to be otherwise, such as "busier" or "more swing"')
]


class Request(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", omit_defaults=True
):
    """A request to a session. `version`: the version of the set that it was made for, checked if it is given."""

    version: Annotated[int, Meta(ge=0, description="version of the set that this is for")] | None = None


class Generate(Request, frozen=True, kw_only=True, tag="generate"):
    """One engine plays a new clip, to what is in the scene."""

    engine: Annotated[str, Meta(max_length=64, description="engine or role, such as drummaroo or bass")] = "drummaroo"
    style: StyleName = ""
    bars: Bars = 8
    bpm: Bpm | None = None
    key: KeyName = ""
    chords: Chords = ""
    complexity: Complexity = 0.5
    density: Density = 0.5
    humanise: Humanise = 0.5
    swing: SwingRatio | None = None
    seed: Seed | None = None
    takes: Takes = 1
    changes: Modifiers = ()
    options: Options = field(default_factory=dict)
    track: TrackNumber | None = None
    scene: IntoScene | None = None
    replace: Replace = False


class Band(Request, frozen=True, kw_only=True, tag="band"):
    """The band plays the parts that the scene lacks, or those of these engines."""

    engines: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=8)] = ()
    style: StyleName = ""
    bars: Bars = 8
    bpm: Bpm | None = None
    key: KeyName = ""
    chords: Chords = ""
    complexity: Complexity = 0.5
    density: Density = 0.5
    humanise: Humanise = 0.5
    swing: SwingRatio | None = None
    seed: Seed | None = None
    takes: Takes = 1
    changes: Modifiers = ()
    options: Options = field(default_factory=dict)
    scene: IntoScene | None = None
    replace: Replace = False


class Song(Request, frozen=True, kw_only=True, tag="song"):
    """The band plays a whole song, as scenes or on the timeline."""

    style: StyleName = ""
    form: Annotated[str, Meta(max_length=64, description="one of the style's forms")] = ""
    seconds: Annotated[float, Meta(ge=15, le=600, extra_json_schema={UNIT: "seconds"})] = 120.0
    key: KeyName = ""
    complexity: Complexity = 0.5
    seed: Seed | None = None
    where: Literal["scenes", "timeline"] = "scenes"


class ClipPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clip by its track and its scene; without a track all MIDI clips of the scene."""

    track: TrackNumber | None = None
    scene: SceneNumber


class Refine(Request, frozen=True, kw_only=True, tag="refine"):
    """Another take of a MIDI clip, or the clip changed. Without a track: the clip that is shown, or the newest.

    `clips`, in place of `track` and `scene`: several clips, each changed in this way, in one step.
    """

    changes: Modifiers = ()
    style: StyleName = ""
    first_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    last_bar: Annotated[int, Meta(ge=0, le=9999)] = 0
    vary_bars: Annotated[int, Meta(ge=0, le=64)] = 0
    seed: Seed | None = None
    takes: Takes = 1
    track: TrackNumber | None = None
    scene: SceneNumber | None = None
    clips: Annotated[tuple[ClipPlace, ...], Meta(max_length=32)] = ()
    replace: Replace = False


class RefineSeveral(Request, frozen=True, kw_only=True, tag="refine_several"):
    """Several clips changed at once, each in its own way as by `refine`, in one step."""

    clips: Annotated[tuple[Refine, ...], Meta(min_length=1, max_length=32)]


EditedNote = tuple[
    Annotated[float, Meta(ge=-10_000, le=10_000, description="start in beats of the clip")],
    Annotated[int, Meta(ge=0, le=127, description="pitch")],
    Annotated[float, Meta(gt=0, le=10_000, description="duration in beats")],
    Annotated[int, Meta(ge=1, le=127, description="velocity")],
]


class Edit(Request, frozen=True, kw_only=True, tag="edit"):
    """Notes that were edited by hand: all that a clip is to have. They are a take whose parent is the one edited.

    The clip is named by `take`, by `clip` (its id in the set), or by `track` and `scene`. The new take goes into the
    next empty slot of its track; with `replace` the clip itself gets the notes. A new note after the clip's end
    lengthens it by whole bars.
    """

    take: Annotated[str, Meta(max_length=64, description="take whose clip is edited")] | None = None
    clip: Annotated[int, Meta(ge=1, le=2**31 - 1, description="id of the clip in the set")] | None = None
    track: TrackNumber | None = None
    scene: SceneNumber | None = None
    notes: Annotated[tuple[EditedNote, ...], Meta(max_length=5000)]
    replace: Replace = False


class Mix(Request, frozen=True, kw_only=True, tag="mix"):
    """Levels and pans that fit the style."""

    style: StyleName = ""
    pinned: Annotated[tuple[Annotated[str, Meta(max_length=255)], ...], Meta(max_length=50)] = ()


class Split(Request, frozen=True, kw_only=True, tag="split"):
    """Separate an audio clip into stems on tracks of their own."""

    backend: Literal["", "demucs", "dsp"] = ""
    stems: Literal[4, 6] = 4
    mute: bool = False
    track: TrackNumber | None = None
    scene: SceneNumber | None = None


class Imagine(Request, frozen=True, kw_only=True, tag="imagine"):
    """An audio loop from a prompt."""

    prompt: Annotated[str, Meta(max_length=600)] = ""
    bars: Annotated[int, Meta(ge=1, le=32)] = 4
    takes: Takes = 1
    seed: Seed | None = None
    backend: Literal["", "musicgen", "stable-audio", "sketch", "ambient"] = ""
    model: Annotated[str, Meta(max_length=40)] = ""
    key: KeyName = ""
    style: StyleName = ""
    follow: bool = True
    track: TrackNumber | None = None
    scene: IntoScene | None = None
    replace: Replace = False


class Analyze(Request, frozen=True, kw_only=True, tag="analyze"):
    """Tempo, key, chords, sections and groove of a clip of the set; what `apply` names is written into the set."""

    deep: bool = False
    apply: tuple[Literal["tempo", "meter", "scale", "warp", "locators", "name"], ...] = ()
    track: TrackNumber | None = None
    scene: SceneNumber | None = None


class Say(Request, frozen=True, kw_only=True, tag="say"):
    """A sentence, understood and done as a spoken one."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]


class Undo(Request, frozen=True, kw_only=True, tag="undo"):
    """Take back the last change of the set that MuseAroo made."""


class Redo(Request, frozen=True, kw_only=True, tag="redo"):
    """Do again what was taken back last. For sessions without Live: in Live it is Live's own redo."""


ActIntent = Literal[
    "mute", "unmute", "solo", "unsolo", "level", "tempo", "key", "delete", "launch", "stop_clips", "play", "stop"
]
"""What `Act` does."""

ONLY_LIVE_PLAYS: Final = ("launch", "stop_clips", "play", "stop")
"""Intents that a set without Live refuses: nothing plays there."""


class Act(Request, frozen=True, kw_only=True, tag="act"):
    """One action of the catalogue, by its intent: switches, faders, tempo, key, deletion; and what plays in Live.

    `what` is deleted or launched. The launch of a scene launches its clips; other tracks go on. `stop_clips` stops
    those of `tracks`, or of all; `play` and `stop` are Live's own buttons.
    """

    intent: ActIntent
    tracks: Annotated[tuple[TrackNumber, ...], Meta(max_length=100)] = ()
    scene: SceneNumber | None = None
    what: Literal["clip", "track", "scene"] = "clip"
    db: Decibels = 0.0
    bpm: Bpm | None = None
    key: KeyName = ""


AnyRequest = (
    Generate | Band | Song | Refine | RefineSeveral | Edit | Mix | Split | Imagine | Analyze | Say | Undo | Redo | Act
)
"""Every request to a session."""

LONG: Final = (Split, Imagine)
"""Requests that may take minutes: they become jobs. The others take milliseconds."""
