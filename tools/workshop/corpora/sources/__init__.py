"""Readers of corpora: the Groove MIDI Dataset, Nottingham, OpenEWLD, drum patterns as text."""
