"""Generators of committed files: the copies of the wire table, drum patterns, the voice page, recorded sentences."""
