"""Benchmarks of voice commands: synthesised sentences, alone and over music, to commands."""
