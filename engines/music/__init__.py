"""Music as data: notes, clips, chords, scales, meter, swing. Everything here is frozen, validated and pure."""
