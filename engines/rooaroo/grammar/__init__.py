"""The grammar of what can be said: one table, from which come the parser, the recogniser's grammar and the help page."""
