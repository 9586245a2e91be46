"""The daemon's requests: each is answered once, each transaction is one undo step."""
