"""The lint of the Max for Live devices: what Max ignores in silence, and what of Ableton's guidelines a file can show.

`python -m musearoo.tools.workshop.lint.device FILE...` takes devices (.amxd), patchers (.maxpat) and scripts (.js);
`--rules` lists what it asks.

What Max has and does was counted in files that Max saved (`objects.json`, by `learn_objects`). Over 521 devices and
patchers of 19 public repositories with 120,000 boxes, saved by Max 5 to 9, the rules of structure find nothing but
externals and abstractions that are not in the file, and four boxes without a text or a place. A repository whose files
were left out of the count has ports that the table does not know in 0.13 % of its boxes, and keys in 0.04 %.

What it does not show: that a device does what it should (the simulated Max runs it), and that Max takes attributes'
values as we mean them.
"""
