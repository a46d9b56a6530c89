"""How charts are drawn: always the same."""

from functools import cache

from cluster_eval.display import NARROW_CHART, show
from tests.test_exhibits import Shown

load = cache(Shown)


def test_a_chart_is_always_drawn_the_same(monkeypatch):
    bundles = []
    monkeypatch.setattr("cluster_eval.display.display", lambda bundle, **_: bundles.append(bundle))
    figures = load("2024-25").figures
    for about in ("participation", "PCMW levels", "PCMW means"):
        bundles.clear()
        for _ in range(2):
            figures[about].__dict__.pop("chart", None)
            show(figures[about])
        first, second = [bundle for bundle in bundles if NARROW_CHART in bundle]
        assert first == second, about
