"""The ear: from samples to evidence a hundred times a second, and to onsets and drum hits with their exact times."""
