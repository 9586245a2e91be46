"""Learns a style from songs: what their players do, in the words of a preset."""
