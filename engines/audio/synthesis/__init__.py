"""A small synthesiser: a General MIDI band in NumPy, so that there is sound on any machine.

Nothing to publish, but instruments that one can tell apart by ear and measure. Noise comes from fixed seeds: the same
notes give the same samples.
"""
