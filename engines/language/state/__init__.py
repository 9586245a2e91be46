"""The context of a sentence: the set, the memory of the conversation, the user's preferences."""
