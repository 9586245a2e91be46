"""What every room builds on: bounded parsing of text, chance from a seed, best-path search."""
