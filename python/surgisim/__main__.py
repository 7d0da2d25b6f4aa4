"""``python -m surgisim``: the command line."""

import sys

from surgisim.cli import main

if __name__ == "__main__":
    sys.exit(main())
