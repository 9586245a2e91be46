"""One press as a trace: what each process did, and when."""
