"""The linter's input: patchers, the table of Max's objects with their ports, and the findings."""
