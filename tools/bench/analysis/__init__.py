"""`musearoo bench analysis`: BrainAroo compared with plain librosa and plain madmom, on sets with ground truth."""
