"""Mutation testing of the core: `python -m musearoo.tools.workshop.mutate --count 300 --seed 1`.

Why our own tool: cosmic-ray 8.7 (MIT) writes each mutant into the working tree, starts a new Python for each with one
test command for all, has no seed, and does not mutate statements, branches, returned values, bounds or minimums; mutmut
3.8 (BSD) must first run the whole suite in a copy of the tree, has no seed or sample, and wraps our functions in its
own.
"""
