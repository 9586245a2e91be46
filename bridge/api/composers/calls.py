"""What composers do besides performing requests: describe engines and styles, write, draw and play a take.

Arguments and results are plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Union, get_args, get_type_hints

import msgspec

from musearoo.bridge.api.composers.interpreting import interpret
from musearoo.bridge.api.problems.hiding import without_folders
from musearoo.bridge.api.sets.packets import pack
from musearoo.bridge.api.sets.performing import new_set
from musearoo.bridge.api.types.answers import NoteRow
from musearoo.bridge.api.types.requests import Generate
from musearoo.bridge.core.composing import Players
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.renders.midi import encode_parts
from musearoo.bridge.renders.parts import TakePart
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.players.options import option_names
from musearoo.engines.players.params import EngineParams
from musearoo.engines.players.refining.modifiers import Modifier
from musearoo.engines.styles.schema import Style

if TYPE_CHECKING:
    from musearoo.bridge.renders.audio import Ending
    from musearoo.bridge.renders.encoding import AudioFormat
    from musearoo.bridge.renders.roll_theme import ThemeName


def make_set(_players: Players, _home: Path, name: str, bpm: float, time_signature: str, key: str) -> bytes:
    """Return the packed messages of an empty set; raises ParamError for an invalid value."""
    return pack(new_set(name, bpm, time_signature, key))


def describe_engines(players: Players, _home: Path) -> list[dict[str, Any]]:
    """Return the engines, each with its parameters as JSON Schema."""
    descriptions = []
    for engine in players.engines:
        options = _options_of(engine.params)
        descriptions.append(
            {
                "name": engine.name,
                "title": engine.title,
                "part": engine.part,
                "summary": engine.summary,
                "parameters": _parameters_with(options, players),
                "options": options,
            }
        )
    return descriptions


def _parameters_with(options: dict[str, Any], players: Players) -> dict[str, Any]:
    """Return the body of an engine's generate requests as JSON Schema, from the type that reads it."""
    _, components = msgspec.json.schema_components([Generate])
    shared: dict[str, Any] = components[Generate.__name__]
    # They are in the path.
    properties = {name: schema for name, schema in shared["properties"].items() if name not in ("do", "engine")}
    # Any spelling and any alias is taken, too.
    properties["style"] = {**properties["style"], "examples": list(players.styles)}
    properties["changes"]["items"] = {**properties["changes"]["items"], "examples": [str(each) for each in Modifier]}
    properties["options"] = {**options, "description": properties["options"]["description"], "default": {}}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _options_of(params: type[EngineParams]) -> dict[str, Any]:
    """Return the parameters that only this engine has as JSON Schema. One without a default is left to the style."""
    hints, defaults = get_type_hints(params, include_extras=True), {each.name: each.default for each in fields(params)}
    properties: dict[str, Any] = {}
    for name in option_names(params):
        kinds = tuple(kind for kind in get_args(hints[name]) if kind is not NoneType)
        is_optional = NoneType in get_args(hints[name])
        properties[name] = msgspec.json.schema(Union[kinds] if is_optional else hints[name])  # noqa: UP007
        if isinstance(defaults[name], str | int | float | bool | tuple):
            properties[name]["default"] = defaults[name]
    return {"type": "object", "additionalProperties": False, "properties": properties}


def describe_styles(players: Players, _home: Path) -> list[dict[str, Any]]:
    """Return the styles: names, tempo, meter, forms."""
    return [
        {
            "name": style.name,
            "aliases": list(style.aliases),
            "tempo": {"low": style.tempo.low, "usual": style.tempo.usual, "high": style.tempo.high},
            "forms": [form.name for form in style.form.forms],
            "summary": style.summary,
        }
        for style in players.styles.values()
    ]


_ROWS: Final = msgspec.msgpack.Decoder(tuple[NoteRow, ...])


def explain_no_deep_pass(_players: Players, home: Path) -> str:
    """Return one sentence why there is no deep analysis here, "" where there is one."""
    from musearoo.bridge.analysis.analyzer import explain_missing_deep_pass

    return explain_missing_deep_pass(ConfigFolder(home).peek_settings())


def write_midi(players: Players, _home: Path, takes: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a MIDI file of takes that begin together."""
    parts = [_part(players, take) for take in takes]
    return encode_parts(parts, takes[0]["bpm"], _key(takes[0]["key"]), takes[0]["name"] if len(takes) == 1 else "")


def draw_take(
    players: Players, _home: Path, take: Mapping[str, Any], width: int, theme: ThemeName, scale: int
) -> bytes:
    """Return a take as a piano roll: a PNG."""
    # Here: it brings Pillow.
    from musearoo.bridge.renders.piano_roll import draw_piano_roll

    part = _part(players, take)
    return draw_piano_roll(
        part.clip,
        role=part.role,
        bpm=take["bpm"],
        key=_key(take["key"]),
        title=part.name,
        style=take["style"],
        width=width,
        theme=theme,
        scale=scale,
    )


def render_takes(
    players: Players, home: Path, takes: Sequence[Mapping[str, Any]], format: AudioFormat, ending: Ending
) -> dict[str, Any]:
    """Return the file of takes that begin together, as sound: path, media type, length. It takes up to seconds."""
    style = players.styles.get(takes[0]["style"])
    parts = tuple(_part(players, take) for take in takes)
    return _rendered(home, parts, takes[0]["bpm"], style, format, ending)


def draw_peaks(
    _players: Players, home: Path, path: str, columns: int, start: float, end: float | None, is_own: bool
) -> dict[str, Any]:
    """Return the columns of a sound file's waveform. `is_own`: it is the server's own, not one of the user's in Live.

    Raises RequestError for a file that cannot be read. A file of ten minutes takes a second or two, once.
    """
    from musearoo.bridge.analysis.analyzer import audio_folders
    from musearoo.bridge.audio.files import AudioFileError
    from musearoo.bridge.audio.peaks import draw_columns, open_peaks, read_peaks

    allowed = None if is_own else audio_folders(ConfigFolder(home).peek_settings(), home)
    try:
        drawn = draw_columns(read_peaks(Path(path), open_peaks(home), allowed), columns, start, end)
    except AudioFileError as error:
        raise RequestError(Refusal.BAD_PARAMETER, without_folders(str(error), str(Path(path).parent))) from error
    return {name: getattr(drawn, name) for name in ("seconds", "start", "end", "low", "high")}


def _rendered(
    home: Path, parts: tuple[TakePart, ...], bpm: float, style: Style | None, format: AudioFormat, ending: Ending
) -> dict[str, Any]:
    from musearoo.bridge.renders.audio import PLAIN_MIX, AudioRequest, open_renders, render_take

    request = AudioRequest(parts, bpm, format, style.mix if style else PLAIN_MIX, ending)
    made = render_take(request, open_renders(home))
    return {"path": str(made.path), "media_type": made.media_type, "seconds": made.seconds, "etag": request.key}


def _part(players: Players, take: Mapping[str, Any]) -> TakePart:
    rows = _ROWS.decode(take["notes"])
    notes = (Note(start, pitch, duration, float(velocity)) for start, pitch, duration, velocity in rows)
    clip = Clip.of(take["name"], take["length_beats"], notes, Meter.parse(take["time_signature"]))
    return TakePart.of(clip, take["part"], players.styles.get(take["style"]), take["name"])


def _key(name: str) -> Key | None:
    return Key.parse(name) if name else None


CALLS: Final[Mapping[str, Callable[..., Any]]] = {
    "new_set": make_set,
    "engines": describe_engines,
    "styles": describe_styles,
    "why_not_deep": explain_no_deep_pass,
    "interpret": interpret,
    "midi": write_midi,
    "piano_roll": draw_take,
    "render": render_takes,
    "peaks": draw_peaks,
}
"""The functions by their names."""
