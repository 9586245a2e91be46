"""A small synthesiser: a General MIDI band in NumPy, so that every machine can play sound.

Not for publication, but its instruments are distinguishable by ear and by measurement. Noise uses fixed seeds: the same
notes give the same samples.
"""
