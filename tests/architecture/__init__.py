"""How the project hangs together: layers, the tree's top, documents in step."""
