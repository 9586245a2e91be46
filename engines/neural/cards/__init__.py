"""What is known of each model before it is here: its licence, where it comes from, of which files it consists."""
