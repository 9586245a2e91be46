"""What can be requested and done: intents with their slots, actions, amounts, replies."""
