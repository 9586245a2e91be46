"""RooAroo, the copilot: understands what a musician says, in the context of the set and the conversation."""
