"""What the rules read: patchers, the table of Max's objects with their ports, and the findings that rules make."""
