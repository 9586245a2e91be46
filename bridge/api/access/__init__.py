"""Who may: hosts and origins that the server answers, tokens, passwords, users and their roles in sessions."""
