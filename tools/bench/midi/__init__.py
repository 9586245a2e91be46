"""How well MuseAroo plays along: notes on time, none that hangs, the clock, answers in a jam, and captured grooves."""
