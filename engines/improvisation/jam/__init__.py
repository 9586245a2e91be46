"""Call and response: answer a phrase, continue it, harmonise it, or accompany it with bass and drums."""
