"""The open Live set: its mirror, its clips' audio, and the transactions that change it. Pure."""
