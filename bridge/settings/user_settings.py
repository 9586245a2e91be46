"""The user's settings: their names, bounds, defaults and the commented file that a first start writes. Parsing only."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.bridge.protocol import FIRST_DEVICE_PORT, FIRST_SCRIPT_PORT
from musearoo.engines.errors import PresetError, UserFacingError
from musearoo.engines.foundation.parsing import convert_data, parse_yaml

FIRST_SERVER_PORT: Final = 24640

DEFAULT_TEXT = f"""\
# MuseAroo's settings. Remove a line to have its default back; a restart of the daemon takes changes in.

# The sample rate that onsets are placed on when the device does not tell the set's own, in Hz.
sample_rate: 48000

# The first port tried for Live's Remote Script (TCP) and for the devices (UDP), on this machine only.
# When one is taken, the next seven are tried.
script_port: {FIRST_SCRIPT_PORT}
device_port: {FIRST_DEVICE_PORT}

# Whether the audio clips of the visible scenes are heard before anyone asks.
listen: true

# Whether the deep analysis may use madmom's networks, where madmom is installed. Their licence is CC BY-NC-SA 4.0:
# non-commercial use only. Without them there is the fast analysis alone.
deep_networks: true

# The folders that audio may be read from; links out of them are refused. Empty: your own folder, other disks, and
# where Live keeps its packs.
audio_folders: []

# Tracks, by name, on which every audio clip that is dropped or recorded is split into stems by itself. A device can
# mark its own track instead.
auto_split_tracks: []

# Whether a clip on those tracks is muted once its stems are there.
auto_split_mutes: true

# What splits where Demucs and its weights are installed: htdemucs, or htdemucs_ft (better, four times as slow).
split_model: htdemucs

# How stems are written: 32 (float, nothing clips) or 24 bits.
stem_bits: 32

# Whether the set is kept as a version by itself: after MuseAroo has written something, and when you pause. Older ones
# are thinned out. musearoo repo lists the versions, and brings back what you want of them.
versions: true

# How many days after their last use the stems of sets without a project are deleted, and beyond how many gigabytes the
# longest unused of them are; 0 for never. A set that still plays them misses them then: save it with Live's Collect All
# and Save. The stems in a set's own project always stay, and those of the last day do.
stem_days: 0
stem_gigabytes: 0

# What new parts sound with, instead of the style's own instruments: names of your kits, presets, devices or plug-ins as
# Live's browser shows them, such as {{drums: My Kit, bass: Operator}}. Parts: drums, bass, harmony, melody, atmosphere.
instruments: {{}}

# Where a take is heard before it is kept: live (in its slot in Live, with the track's own sound) or midi (at a port).
hear: live

# What imagines where its packages and weights are installed: musicgen-small, -medium, -large, or one in stereo, such as
# musicgen-stereo-small. Larger ones sound better and are slower.
imagine_model: musicgen-small

# Whether Talk may use the microphone at all.
talk: true

# The microphone that Talk listens to: a part of its name, or its number in `musearoo doctor`. Empty: the system's own.
microphone: ""

# What understands speech: moonshine (a neural network and PocketSphinx together, where both are installed), or sphinx
# (PocketSphinx alone, which knows MuseAroo's own sentences only: less memory, and less is understood).
recogniser: moonshine

# Whether what is said to Talk is kept as sound files and text, in the folder talk/ beside this file. Without it nothing
# is: the logs have no sentence, prompt or name at any log_level, with this setting neither.
keep_talk: false

# A language model on this machine that is asked what is meant where MuseAroo itself does not understand a sentence:
# where it answers, such as http://localhost:11434/v1 (anything that speaks OpenAI's protocol), and its name there.
# Empty: none is asked.
language_model_url: ""
language_model: ""

# Whether MuseAroo listens and plays by MIDI: what you play is heard, takes sound before they are kept, and it jams.
midi: true

# The MIDI ports it listens to, and plays to: parts of their names, or "" for its own, MuseAroo In and MuseAroo Out,
# which Live and other programs see. Windows has no such ports of a program: make one with loopMIDI, and name it here.
midi_in: [""]
midi_out: [""]

# Milliseconds from a note's being sent until it is heard at what plays it: everything is sent so much earlier.
midi_latency: 0

# Where endless music sounds when a press does not say: card (the sound card), midi (the MIDI port, for instruments in
# Live) or program. The sound card: a part of its name, empty for the system's own. The program, such as one that sends
# by Link Audio: its words; it gets raw samples on its stdin (16 bits, stereo, 48 kHz), and takes them at its own pace.
ambience_out: card
ambience_card: ""
ambience_program: []

# Plug-ins for endless music, by their paths: effects over it all, and instruments that play layers, such as
# {{pad: /plugins/Synth.vst3}}. They need pedalboard (GPL-3), which you install: pip install 'musearoo[pedalboard]'.
ambience_effects: []
ambience_instruments: {{}}

# Whom the beat follows, the first of these that is there: live (Live's transport), midi (MIDI clock at an input), link
# (Ableton Link, where its package is installed), own (nobody).
clock: [live, midi, own]

# Whether the daemon runs every engine once after its start, and loads the analysis and Talk as soon as Live or a device
# connects, so that what is asked for first is as fast as the next. false saves a second of processor time.
warm_up: true

# Whether MuseAroo composes ahead what you are likely to ask for next, while nothing else is to be done: off, on, or
# auto (on, but not while the system saves power); and the share of one processor core that this may take on average.
predict: auto
predict_share: 0.02

# How much is logged: debug, info or warning. What you say, write and name is in none of them.
log_level: info

# Whether musearoo run also starts the server (musearoo serve): REST and WebSocket for other programs on this machine.
# It needs the group of packages called server.
serve: false

# The server's port, and its database: empty for a file here, or postgresql://USER@HOST/NAME.
serve_port: {FIRST_SERVER_PORT}
database: ""

# After how many days the server forgets takes that nobody liked, and sessions that nobody used; 0 for never.
keep_days: 0

# How the log's lines are written: text for people, or json for programs that collect logs, one object a line.
log_format: text
"""


class SettingsError(UserFacingError, ValueError):
    """The settings file is invalid: the message names the file, the setting and its bounds."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The user's settings."""

    sample_rate: Annotated[int, Meta(ge=8_000, le=768_000)] = 48_000
    script_port: Annotated[int, Meta(ge=1024, le=65_500)] = FIRST_SCRIPT_PORT
    device_port: Annotated[int, Meta(ge=1024, le=65_500)] = FIRST_DEVICE_PORT
    listen: bool = True
    deep_networks: bool = True
    audio_folders: tuple[str, ...] = ()
    auto_split_tracks: tuple[str, ...] = ()
    auto_split_mutes: bool = True
    split_model: Literal["htdemucs", "htdemucs_ft"] = "htdemucs"
    stem_bits: Literal[24, 32] = 32
    versions: bool = True
    stem_days: Annotated[float, Meta(ge=0.0, le=36_500.0)] = 0.0
    stem_gigabytes: Annotated[float, Meta(ge=0.0, le=100_000.0)] = 0.0
    instruments: dict[Literal["drums", "bass", "harmony", "melody", "atmosphere"], str] = {}
    hear: Literal["live", "midi"] = "live"
    imagine_model: Literal[
        "musicgen-small",
        "musicgen-medium",
        "musicgen-large",
        "musicgen-stereo-small",
        "musicgen-stereo-medium",
        "musicgen-stereo-large",
    ] = "musicgen-small"
    talk: bool = True
    microphone: str = ""
    recogniser: Literal["moonshine", "sphinx"] = "moonshine"
    keep_talk: bool = False
    language_model_url: str = ""
    language_model: str = ""
    midi: bool = True
    midi_in: tuple[str, ...] = ("",)
    midi_out: tuple[str, ...] = ("",)
    midi_latency: Annotated[float, Meta(ge=0.0, le=500.0)] = 0.0
    ambience_out: Literal["card", "midi", "program"] = "card"
    ambience_card: str = ""
    ambience_program: tuple[str, ...] = ()
    ambience_effects: tuple[str, ...] = ()
    ambience_instruments: dict[
        Literal["drone", "pad", "swells", "melody", "bells", "texture", "percussion", "grains"], str
    ] = {}
    clock: Annotated[tuple[Literal["live", "midi", "link", "own"], ...], Meta(min_length=1)] = ("live", "midi", "own")
    warm_up: bool = True
    predict: bool | Literal["auto"] = "auto"
    predict_share: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.02
    log_level: Literal["debug", "info", "warning"] = "info"
    log_format: Literal["text", "json"] = "text"
    serve: bool = False
    serve_port: Annotated[int, Meta(ge=1024, le=65_500)] = FIRST_SERVER_PORT
    database: str = ""
    keep_days: Annotated[float, Meta(ge=0.0, le=36_500.0)] = 0.0


def parse_settings(text: str, source: str) -> Settings:
    """Parse settings in YAML; raises SettingsError naming `source` and the error.

    >>> parse_settings("sample_rate: 3", "settings.yaml")
    Traceback (most recent call last):
    musearoo.bridge.settings.user_settings.SettingsError: settings.yaml: sample_rate: expected `int` >= 8000
    """
    try:
        data = parse_yaml(text, source)
        return convert_data({} if data is None else data, Settings, source)
    except PresetError as error:
        raise SettingsError(str(error)) from error
