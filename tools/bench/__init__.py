"""The benchmarks of `musearoo bench`: the product's speed and quality, compared with its peers."""
