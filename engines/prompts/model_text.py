"""The text sent to an audio model: the user's words and the set's constraints, in the format of its training data.

MusicGen was trained on short descriptions, some followed by further metadata, as in "a driving song with heavy drums.
key: d minor. bpm: 120.0. genre: rock" (Copet et al., "Simple and Controllable Music Generation", 2023, and the training
settings published with it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.scale import Key
from musearoo.engines.prompts.figures import find_meter, take_meter
from musearoo.engines.prompts.lexicon import Lexicon
from musearoo.engines.prompts.reading import PromptReading, read_prompt
from musearoo.engines.prompts.set_facts import SetFacts
from musearoo.engines.prompts.tempo import choose_tempo
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

USUAL: Final = "warm instrumental groove with electric piano, bass and drums"
"""The default prompt: it suits any key and most tempos."""
_SPOKEN: Final = {"harmony": "chords", "atmosphere": "pads"}
"""Names of the parts where no instrument is named."""
COMMON_TIME: Final = Meter(4, 4)
"""The meter every model plays by default."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text for a model, messages for the user about it, and the reading of the user's text, or of the default
    prompt.

    `bpm` is the tempo in the text: the set's, or half or double of it; `key` the key. Each is None if neither the set
    nor the text has one.
    """

    text: str
    messages: tuple[str, ...]
    reading: PromptReading
    bpm: float | None
    key: Key | None


def assemble(text: str, facts: SetFacts, follow: bool, lexicon: Lexicon) -> Prompt:
    """Assemble the prompt of a text for a set; deterministic.

    The set's tempo, key and meter take precedence over the text's, since the loop has to fit. With `follow`, the set's
    style is added if the text names none, and an empty text is replaced by a description of the set. Raises ParamError
    for a text in another script of which nothing is understood.
    """
    reading = read_prompt(text, lexicon)
    messages = list(reading.messages)
    tempo = choose_tempo(reading, facts, None if reading.near else lexicon.styles.get(reading.style))
    messages += tempo.messages if tempo else ()
    if facts.key is not None and reading.key not in (None, facts.key):
        messages.append(f"It is made in {facts.key}, to fit, and not in the prompt's {reading.key}.")
    if facts.meter is not None and reading.meter not in (None, facts.meter):
        messages.append(f"It is made in {facts.meter}, to fit, and not in the prompt's {reading.meter}.")
    if any(instrument.name == "vocals" for instrument in reading.instruments):
        messages.append("Nobody sings: a voice is played like an instrument, without words.")
    key, bpm = facts.key or reading.key, tempo.bpm if tempo else None
    tags = _tags(key, bpm)
    description = reading.description if facts.meter in (None, reading.meter) else take_meter(reading.description)
    if not any(map(str.isalpha, take_meter(description))):
        why = "is empty" if not text.strip() else "says nothing of the sound" if reading.text else "has no letters"
        description = _describe_set(facts, lexicon.styles) if follow else ""
        if description:
            messages.append(f"The prompt {why}: it is taken from the set, “{description}”.")
        else:
            description = USUAL
            reading = _with_figures(read_prompt(USUAL, lexicon), reading)
            messages.append(f"The prompt {why}: “{description}” is imagined.")
    elif follow and not reading.style and facts.style:
        tags.append(f"genre: {find_style(facts.style, lexicon.styles).name.lower()}")
    description = description.rstrip(". ") + _name_meter(description, facts, reading)
    return Prompt(". ".join((description, *tags)), tuple(messages), reading, bpm, key)


def _name_meter(description: str, facts: SetFacts, reading: PromptReading) -> str:
    """Return the meter as text, if it is unusual and the description does not name it."""
    meter = facts.meter or reading.meter
    is_guessed = meter == COMMON_TIME and reading.meter is None
    return "" if is_guessed or meter in (None, find_meter(description)) else f", in {meter}"


def _with_figures(reading: PromptReading, other: PromptReading) -> PromptReading:
    """Return a reading with the figures of another, and the messages about it."""
    return replace(
        reading,
        bpm=other.bpm,
        key=other.key,
        meter=other.meter,
        bars=other.bars,
        time_feel=other.time_feel,
        messages=other.messages,
    )


def _tags(key: Key | None, bpm: float | None) -> list[str]:
    """Return key and tempo in the format of the training texts: lower case, tempos with one decimal."""
    tags = [] if key is None else [f"key: {_name_key(key)}"]
    return tags if bpm is None else [*tags, f"bpm: {bpm:.1f}"]


def _name_key(key: Key) -> str:
    """Return the key in the format of the training texts, which only have major and minor."""
    tonic = key.tonic_name.lower()
    return f"{tonic} minor" if key.is_minor else f"{tonic} major" if 4 in key.intervals else tonic


def _describe_set(facts: SetFacts, styles: Mapping[str, Style]) -> str:
    """Describe the set in words, such as "funk with drums and bass"; "" if nothing is known."""
    style = find_style(facts.style, styles).name if facts.style else ""
    names = [_SPOKEN.get(name, name) for name in dict.fromkeys(facts.playing) if name != "unknown"]
    return " with ".join(filter(None, (style, join_names(names))))
