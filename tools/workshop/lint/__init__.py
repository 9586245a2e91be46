"""Our own linters: for the Max for Live devices, and for the documents."""
