"""REST: one module a noun. Routes read what was asked, ask the hub, and encode the answer; they decide nothing."""
