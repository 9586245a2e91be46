"""Music with ground truth for the benchmarks: pieces, their truth, and songs of POP909."""
