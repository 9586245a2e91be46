"""The benches of `musearoo bench`: how fast and how good the product is, compared with its peers."""
