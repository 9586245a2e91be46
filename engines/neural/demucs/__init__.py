"""Hybrid Transformer Demucs: reading its files, a fast implementation of its network, and a streaming separator."""
