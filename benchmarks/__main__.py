"""Measure how long an analyst waits and how the measures grow, and print the table: `make benchmark`."""

import sys

from benchmarks import growth, waiting

REPEATS, MANY = 5, 31


def main(repeats: int = REPEATS) -> None:
    """Print a row for each target, with the ratio found."""
    rows = []
    with waiting.copy_repository() as root:
        run, floor = waiting.time_execution(root, repeats)
        rows.append(
            ("all notebooks, nothing built / their cells as forked scripts", run, floor, run / floor, "at most 1.2")
        )
        book, report, edited, alone = waiting.time_report(root, repeats)
        rows.append(
            ("Papermill's CLI and jupyter-book build / the same book by us", alone, book, alone / book, "at least 5")
        )
        rows.append(
            (
                "Papermill's CLI and jupyter-book build / make report, nothing built",
                alone,
                report,
                alone / report,
                "",
            )
        )
        rows.append(
            ("make report, one notebook edited / nothing built", edited, report, edited / report, "at most 0.3")
        )
        edited, first = waiting.time_warm_edit(root, repeats)
        rows.append(
            ("one notebook edited, all formats, a warm process / nothing built", edited, first, edited / first, "0.15")
        )
        saved, cells, page = waiting.time_watching(root, repeats)
        bare = cells + page
        rows.append(
            ("make watch, save to page written / its cells and a bare build", saved, bare, saved / bare, "at most 1.5")
        )
        nothing, imported = waiting.time_nothing(root, MANY)
        rows.append(
            ("make report, nothing changed / import cluster_eval", nothing, imported, nothing / imported, "0.5 s")
        )
    print(f"medians of {repeats}; of the last row of {MANY}")
    print(f"{'':68}{'seconds':>9}{'against':>9}{'ratio':>7}  target")
    for name, seconds, against, ratio, target in rows:
        print(f"{name:68}{seconds:9.3f}{against:9.3f}{ratio:7.2f}  {target}")
    print()
    growth.main()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
