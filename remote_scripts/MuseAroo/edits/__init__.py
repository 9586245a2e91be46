"""The edits of a transaction: each is checked against the draft of the set, then performed."""
