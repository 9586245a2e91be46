"""The program around the set: main loop, browser, the `Live` module that scripts import, and the script host."""
