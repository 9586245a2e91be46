"""The grammar of what can be said: from one table the parser, the recogniser's grammar and the help page."""
