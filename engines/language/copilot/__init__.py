"""RooAroo's conversation: from an understood sentence to an action, a question or an answer."""
