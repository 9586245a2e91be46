"""The set that is open in Live: its mirror, its clips' audio, and the transactions that change it. Pure."""
