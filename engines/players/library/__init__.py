"""The pattern library: precomposed takes, searched by features and fitted to any chords, meter and length."""
