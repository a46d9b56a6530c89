"""Write the sample data: `make sample`, or `python -m tools.sample`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from tools.sample.files import find_input, write_sample
from tools.sample.plausibility import find_seed
from tools.sample.published import PUBLISHED_FIGURES, read_published


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sample data, or find the seed that it should use.

    Parameters
    ----------
    arguments : Sequence, optional
        Arguments of the command; those of the process if not given.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.sample", description="Write the sample data.")
    parser.add_argument("--into", metavar="DIRECTORY", type=Path, default=Path(), help="default: the current directory")
    parser.add_argument("--find-seed", action="store_true", help="print the first plausible seed and write nothing")
    options = parser.parse_args(arguments)
    if options.find_seed:
        print(find_seed(read_published(find_input(options.into, PUBLISHED_FIGURES))))
        return
    for path in write_sample(options.into):
        print(path)


if __name__ == "__main__":
    main()
