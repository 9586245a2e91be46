"""How well the daemon foresees what is asked next, by scripted sessions."""
