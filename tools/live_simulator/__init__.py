"""A stand-in for Ableton Live: the `Live` module, its main thread and its Remote Script host.

Standard library only and Python 3.7 syntax, so that scripts can be tried under the interpreter
which Live 11 embeds. README.md says what is simulated, where each behaviour was learned and what
this does not prove.
"""
