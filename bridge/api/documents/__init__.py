"""What REST is, in words: the specification described, with examples, and a page of documentation made from it."""
