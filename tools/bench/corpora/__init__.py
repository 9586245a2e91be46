"""Music whose truth is known, as the benches read it: pieces, their truth, and songs of POP909."""
