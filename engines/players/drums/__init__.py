"""DrummaRoo: a drummer. A plan of the take, then a pipeline of small pure processors from the plan to a clip."""
