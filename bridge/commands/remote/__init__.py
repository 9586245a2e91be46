"""Commands done by a server: `musearoo --remote URL COMMAND …`, with the options and the output of the local ones."""
