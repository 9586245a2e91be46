"""`musearoo bench analysis`: BrainAroo beside plain librosa and plain madmom, on sets whose truth is known."""
