"""The user's own effects and instruments in endless music, by pedalboard, in a process of their own.

pedalboard is GPL-3 and none of ours: who wants it installs it. It is spoken to through two pipes, and what a plug-in
does to its process costs the music nothing but the plug-in.
"""
