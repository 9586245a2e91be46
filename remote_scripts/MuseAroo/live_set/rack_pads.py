# Copied by tools/workshop/generate/wire.py from engines/music/kits/rack_pads.py; do not edit.
"""Match the pads of a drum rack to General MIDI drums by the pads' names.

The Remote Script has a copy of this file, written by tools/workshop/generate/wire.py: Python 3.7, standard library
only. In the script it serves a kit that was loaded a moment ago, whose pads the daemon does not know yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

DRUM_WORDS = (
    (36, ("kick", "kik", "bd", "bass drum", "bassdrum", "kck")),
    (38, ("snare", "snr", "sd", "sn")),
    (37, ("rim", "rimshot", "side stick", "sidestick", "cross stick", "crossstick", "stick", "rs")),
    (39, ("clap", "clp", "cp", "handclap", "snap")),
    (42, ("closed hat", "hat closed", "closed hihat", "hihat closed", "hh closed", "closed hh", "chh", "ch", "hh c")),
    (44, ("pedal hat", "hat pedal", "pedal hihat", "hihat pedal", "hh pedal", "foot hat", "hat foot", "phh")),
    (46, ("open hat", "hat open", "open hihat", "hihat open", "hh open", "open hh", "ohh", "oh", "hh o")),
    (53, ("ride bell", "bell ride", "bell")),
    (51, ("ride", "rd", "ride cymbal")),
    (55, ("splash",)),
    (49, ("crash", "cr", "cymbal", "cym", "cy")),
    (48, ("high tom", "tom high", "hi tom", "tom hi", "tom h", "tom 1", "ht")),
    (45, ("mid tom", "tom mid", "tom m", "tom 2", "mt")),
    (41, ("low tom", "tom low", "lo tom", "tom lo", "tom l", "floor tom", "tom floor", "tom 3", "lt")),
    (54, ("tambourine", "tamb", "tambo")),
    (56, ("cowbell", "cow bell", "cb")),
    (63, ("conga high", "conga hi", "high conga", "hi conga", "conga open", "bongo high", "hi bongo", "high bongo")),
    (64, ("conga low", "conga lo", "low conga", "lo conga", "conga", "bongo low", "lo bongo", "low bongo", "bongo")),
    (70, ("shaker", "shake", "maracas", "maraca", "ma", "cabasa")),
    (75, ("claves", "clave", "cl", "woodblock", "wood block")),
    # Names that tell the family only, after all that tell more.
    (42, ("hat", "hihat", "hh")),
    (45, ("tom",)),
)
"""The words for each drum, by its General MIDI pitch. Of several that are in a name the one with most words counts."""

SUBSTITUTES = {
    38: (39, 37),
    37: (38,),
    39: (38,),
    44: (42,),
    46: (42,),
    51: (42, 49),
    53: (51, 56),
    55: (49,),
    49: (51, 46),
    48: (45, 41),
    45: (48, 41),
    41: (45, 48),
    54: (70, 42),
    56: (75, 37),
    63: (64, 48),
    64: (63, 41),
    70: (54, 42),
    75: (37, 56),
}
"""The drums that replace one which a rack lacks, the nearest sound first."""


def drum_of(name: str) -> int:
    """Return the General MIDI pitch of the drum that a pad's name tells; 0 for none.

    >>> drum_of("Hihat Closed 909"), drum_of("SD 2 808"), drum_of("Ride Bell"), drum_of("Vinyl Noise")
    (42, 38, 53, 0)
    """
    # Letters only: "Kick-909" and "kick_02" are kicks, and "HiHat" is a hihat.
    words = " {} ".format(" ".join(re.findall(r"[a-z]+|\b[1-3]\b", name.lower().replace("hi-hat", "hihat"))))
    best, drum = 0, 0
    for pitch, names in DRUM_WORDS:
        for each in names:
            count = each.count(" ") + 1
            # The words may stand apart: "Closed 909 Hat".
            if count > best and all(f" {word} " in words for word in each.split()):
                best, drum = count, pitch
    return drum


def match_pads(names: Mapping[int, str]) -> dict[int, int]:
    """Return the pad for each General MIDI drum that a rack has on another note, by pitch.

    `names` are the rack's filled pads by note. A drum stays on its General MIDI note if that pad has its name; else it
    goes to a pad of its name. Without one it stays on a pad whose name tells nothing, else it goes to a similar drum.

    >>> match_pads({36: "Kick", 38: "Clap", 40: "Snare"})
    {38: 40, 37: 40, 39: 38}
    """
    told = {note: drum_of(name) for note, name in sorted(names.items())}
    drums = list(dict(DRUM_WORDS))
    own = {}
    for drum in drums:
        places = [note for note, what in told.items() if what == drum]
        if drum in places or (not places and told.get(drum) == 0):
            own[drum] = drum
        elif places:
            own[drum] = places[0]
    moved = {}
    for drum in drums:
        found = [own[each] for each in (drum, *SUBSTITUTES.get(drum, ())) if each in own]
        if found and found[0] != drum:
            moved[drum] = found[0]
    return moved
