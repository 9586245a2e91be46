"""What goes wrong, as problems for clients: status, code, and a sentence that says what to do."""
