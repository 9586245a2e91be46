"""Hybrid Transformer Demucs: its files, its network made fast, and the separator that streams a sound through it."""
