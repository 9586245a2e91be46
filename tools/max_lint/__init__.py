"""The lint of the Max for Live devices: what Max ignores in silence, and what of Ableton's guidelines a file can show.

`python -m tools.max_lint FILE...` takes devices (.amxd), patchers (.maxpat) and scripts (.js).
"""
