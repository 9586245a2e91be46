"""Taking a mix apart into its stems: what every separator keeps, and one that needs no learned weights."""
