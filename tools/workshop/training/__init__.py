"""Train the engines' weights and tables. Needs torch and the data; the product needs neither."""
