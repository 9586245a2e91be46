"""The link to the daemon: the table of messages, OSC, SLIP, and the TCP connection."""
