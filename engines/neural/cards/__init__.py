"""Model cards: licence, source and files of each model, known before it is downloaded."""
