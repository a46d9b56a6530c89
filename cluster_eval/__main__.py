"""Run as `python -m cluster_eval`."""

import gc
import sys

from cluster_eval.cli import main

if __name__ == "__main__":
    status = main()
    # At its end Python would search everything once more for what can be freed.
    gc.freeze()
    sys.exit(status)
