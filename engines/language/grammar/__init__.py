"""The grammar of commands: one table for the parser, the recogniser's grammar and the help page."""
