"""The world outside Max: time, Live's transport and objects, the network, files."""
