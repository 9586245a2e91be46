"""The linter for Max for Live devices: faults that Max silently ignores, and Ableton's guidelines as far as a file
shows them.

`python -m musearoo.tools.workshop.lint.device FILE...` takes devices (.amxd), patchers (.maxpat) and scripts (.js);
`--rules` lists the rules.

Max's objects and their properties were learned from files that Max saved (`objects.json`, by `learn_objects`). Over 521
devices and patchers of 19 public repositories with 120,000 boxes, saved by Max 5 to 9, the structural rules find only
externals and abstractions that are not in the file, and four boxes without a text or a position. In a repository that
was excluded from learning, 0.13 % of the boxes have ports that the table does not know, and 0.04 % unknown keys.

The linter does not show that a device works (the simulated Max runs it), nor that Max interprets attribute values as we
intend.
"""
