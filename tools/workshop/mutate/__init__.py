"""Measures the tests by faults put into the code: `python -m musearoo.tools.workshop.mutate --count 300 --seed 1`.

Why this is ours: cosmic-ray 8.7 (MIT) writes each mutant into the working tree, starts a new Python for each of them
with one test command for all, takes no seed, and mutates no statement, branch, returned value, bound or minimum; mutmut
3.8 (BSD) must run the whole suite in a copy of the tree first, takes no seed or sample, and puts functions of its own
around ours.
"""
