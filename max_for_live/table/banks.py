"""What Push's encoders hold, eight at a time."""

from max_for_live.table.records import Bank

BANKS: tuple[Bank, ...] = (
    Bank("Feel", ("style", "bars", "key_root", "key_mode", "complexity", "density", "swing", "humanise")),
    Bank("Players", ("band", "drums", "bass", "harmony", "melody", "atmos", "where", "undo")),
    Bank("Changes", ("again", "simpler", "busier", "undo", "cancel", "mix", "talk_latch", "self_test")),
    Bank("Song", ("song", "song_to", "song_length", "mix", "style", "key_root", "key_mode", "undo")),
    Bank("Sound", ("analyse", "split", "auto_split", "listen", "listen_bars", "listen_for", "undo", "cancel")),
    Bank("Imagine", ("imagine", "imagine_from", "imagine_with", "bars", "style", "key_root", "key_mode", "cancel")),
)
