"""`python -m musearoo`: the command line."""

import sys

from musearoo.bridge.cli import main

if __name__ == "__main__":
    sys.exit(main())
