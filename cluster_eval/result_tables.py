"""What each table of the results holds, column by column: the words of the data package."""

import yaml

from cluster_eval.templates import read_template

_WORDS = yaml.safe_load(read_template("results.yml"))

TABLES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    name: (table["title"], [(column, *about) for column, about in table["columns"].items()])
    for name, table in _WORDS["tables"].items()
}
"""Each table's description, and its columns: name, type and description."""

DESCRIPTION: str = _WORDS["description"]
SAMPLE_DATA: str = _WORDS["sample_data"]
SAMPLE_LINKS: str = _WORDS["sample_links"]
"""What the data package says of sample data, and of those that compare a cluster with itself."""
