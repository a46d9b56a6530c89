"""Write the sample data's ratings for `statistics.R`: `python tests/golden/export_ratings.py > ratings.csv`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from cluster_eval import open_report
from cluster_eval.measures.maturity import select_ratings

report = open_report("2024-25", Path(__file__).parents[2])
boards = report.register.astype("str").drop_duplicates(["cycle", "cluster"])[["cycle", "cluster", "health_board"]]
ratings = select_ratings(report.responses).astype({"cycle": "str", "cluster": "str"})
ratings = boards.merge(ratings, on=["cycle", "cluster"], how="left")
columns = ["cycle", "cluster", "health_board", "deprivation_fifth", "framework", "outcome", "score"]
ratings[columns].to_csv(sys.stdout, index=False)
