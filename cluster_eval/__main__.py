"""Run the command line."""

import sys

from cluster_eval.cli import main

if __name__ == "__main__":
    sys.exit(main())
