"""Notes on the grid: grid positions by Viterbi search, the player's feel and tempo."""
