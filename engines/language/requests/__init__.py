"""What can be asked for and done: intents with their slots, actions, amounts, replies."""
