"""The parameters on Push's encoders, eight per bank.

Push shows what Live can automate. Buttons are hidden from Live so that they do not fill the undo history; a controller
presses them through MIDI mapping.
"""

from musearoo.max_for_live.table.records import Bank

BANKS: tuple[Bank, ...] = (
    Bank("Feel", ("style", "bars", "key_root", "key_mode", "complexity", "density", "swing", "humanise")),
    Bank("Make", ("where", "song_to", "song_length", "imagine_from", "imagine_with", "", "", "")),
    Bank("Along", ("hear", "to_played", "keep_bars", "keep_tight", "jam_bars", "jam_with", "", "")),
    Bank(
        "Endless",
        (
            "ambience_preset",
            "ambience_follow",
            "ambience_density",
            "ambience_brightness",
            "ambience_motion",
            "ambience_space",
            "",
            "",
        ),
    ),
    Bank("Hear", ("analyse_for", "auto_split", "listen_bars", "listen_for", "", "", "", "")),
)
