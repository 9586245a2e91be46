"""The Roo engines: musicians as pure functions, from parameters, context and a seed to notes."""
