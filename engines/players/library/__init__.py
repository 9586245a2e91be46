"""The pattern library: takes made beforehand, found by what they are like, fitted to any chords, meter and length."""
