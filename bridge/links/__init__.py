"""The daemon's sockets: bytes to messages and back, no decisions."""
