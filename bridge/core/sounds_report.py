"""Tell what new parts sound with, and what they lack. Pure."""

from collections.abc import Sequence

from musearoo.bridge.core.events.incoming import LoadedSound
from musearoo.engines.foundation.spoken_lists import join_names


def name_sounds(sounds: Sequence[LoadedSound]) -> str:
    """Return what was loaded, to follow the name of a result; "" for nothing.

    >>> name_sounds([LoadedSound("DrummaRoo", "909 Core Kit", "DrumGroupDevice", "909 Core Kit")])
    ' on 909 Core Kit'
    """
    loaded = [sound.name for sound in sounds if sound.device]
    return f" on {join_names(loaded)}" if loaded else ""


def describe_sounds(sounds: Sequence[LoadedSound]) -> list[str]:
    """Return a sentence for each track that stays silent or lacks the user's instrument, and for each kit's gaps.

    >>> describe_sounds([LoadedSound("BassaRoo", "", "", "Operator")])
    ['BassaRoo is silent: this Live has none of its instruments. Put one such as Operator on its track.']
    """
    sentences = []
    for sound in sounds:
        if not sound.name:
            what = f"one such as {sound.wanted}" if sound.wanted else "one"
            if sound.are_drums:
                what = "a drum kit, from Drums in Live's browser or from a pack,"
            sentences.append(
                f"{sound.track} is silent: this Live has none of its instruments. Put {what} on its track."
            )
        if sound.is_second_choice:
            sentences.append(
                f"This Live's browser has no “{sound.wanted}”: {sound.track} is on {sound.name}. "
                "Correct the name under “instruments” in the settings."
            )
        if sound.missing:
            sentences.append(f"{sound.name} has no pad for {join_names(sound.missing)}: those notes are silent.")
    return sentences
