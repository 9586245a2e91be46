"""Training of chords and keys, and counts of chords and melodies in corpora."""
