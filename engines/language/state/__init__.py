"""What a sentence is understood by: the set, the memory of the talk, the user's preferences."""
