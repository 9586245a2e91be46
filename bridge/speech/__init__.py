"""Voice: the ear that captures what is said while Talk is held, and what makes text of it."""
