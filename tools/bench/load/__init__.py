"""The server with many users: open-loop load, the knee, the fit of scalability, overload, and a plan for 10,000."""
