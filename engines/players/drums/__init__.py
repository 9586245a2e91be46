"""DrummaRoo, the drummer: plan a take, then run a pipeline of small pure processors from plan to clip."""
