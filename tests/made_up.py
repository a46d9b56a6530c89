"""Made-up cycles, as small and as odd as a test likes, and everything that their reports say and show."""

import json
import re
from dataclasses import dataclass, field

import pandas as pd

import cluster_eval
from cluster_eval import charts, facts, measures
from cluster_eval.build.contents import list_sections
from cluster_eval.build.execute import keeps_cell
from cluster_eval.config import Params
from cluster_eval.facts.needs import list_features
from cluster_eval.notebook import edition
from cluster_eval.sources.cycle import Cycle
from cluster_eval.sources.reference import read_outcomes
from cluster_eval.sources.report import Report
from cluster_eval.vocabulary import HEALTH_BOARDS
from cluster_eval.words.pages import fill_page
from tests.conftest import ROOT

CYCLE, PREVIOUS = "2031-32", "2030-31"
SIZES = dict(zip(HEALTH_BOARDS, (11, 14, 9, 8, 7, 3, 8), strict=True))
REGISTER = pd.DataFrame(
    [(f"C-{place}", board, place % 5 + 1) for place, board in enumerate(b for b, n in SIZES.items() for _ in range(n))],
    columns=["cluster", "health_board", "deprivation_fifth"],
)


def make_report(current, previous=None, *, coding=None, sample=(), fifths=None):
    """Make a report of rows of answers: a mapping of variable to answer for each cluster, None for a blank."""
    cycles = [(CYCLE, current)] if previous is None else [(PREVIOUS, previous), (CYCLE, current)]
    params = [_make_params(cycle, cycle in sample, cycle == CYCLE and previous is not None) for cycle, _ in cycles]
    chain = [
        make_cycle(of_cycle, rows, fifths, coding if of_cycle.cycle == CYCLE else None)
        for of_cycle, (_, rows) in zip(params, cycles, strict=True)
    ]
    return Report(ROOT, tuple(chain))


def _make_params(cycle, sample, has_previous):
    return Params(
        cycle=cycle,
        previous=PREVIOUS if has_previous else None,
        title=f"Cluster self-reflection {cycle}",
        fieldwork={"opens": f"{cycle[:4]}-04-01", "closes": f"{cycle[:4]}-05-31"},
        responses=f"data/{cycle}/responses.xlsx",
        codebook=f"data/{cycle}/codebook.csv",
        sample_data=sample,
    )


def make_cycle(params, rows, fifths=None, coding=None):
    """Make a cycle of rows of answers, the first of them those of the register's first cluster."""
    cycle = params.cycle
    register = REGISTER if fifths is None else REGISTER.assign(deprivation_fifth=fifths)
    keys = {
        "cycle": cycle,
        "response_id": [str(place) for place in range(len(rows))],
        "row": [place + 2 for place in range(len(rows))],
        "completed": pd.Timestamp(f"{cycle[:4]}-04-30 14:05:00"),
    }
    answers = pd.DataFrame(rows).astype("str").where(pd.DataFrame(rows).notna())
    responses = pd.concat(
        [pd.DataFrame(keys, index=range(len(rows))), register.iloc[: len(rows)], answers], axis="columns"
    )
    return Cycle.of_frames(
        params,
        responses.astype(dict.fromkeys(answers.columns, "str")),
        register.assign(cycle=cycle)[["cycle", *register.columns]],
        read_outcomes(ROOT, cluster_eval.config.OUTCOMES_FILE).table,
        coding=None if coding is None else pd.DataFrame(coding).assign(cycle=cycle),
    )


@dataclass
class Told:
    """What a report says, by where it says it, and the exhibits that it shows."""

    texts: dict[str, str] = field(default_factory=dict)
    exhibits: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, name):
        return " ".join(self.texts[name].split())

    def find_odd(self):
        """Find what no reader should see: in sentences, alt texts, notes, and in each cell of each table."""
        found = [
            (name, each.group()) for name, text in self.texts.items() for each in ODD.finditer(" ".join(text.split()))
        ]
        for exhibit in self.exhibits.values():
            words = f"{exhibit.title} | {exhibit.source} | {exhibit.alt}"
            found += [(exhibit.label, each.group()) for each in ODD.finditer(words)]
            cells = [*exhibit.table.index, *exhibit.table.columns, *exhibit.table.to_numpy().ravel()]
            found += [(exhibit.label, cell) for cell in cells if isinstance(cell, float) or MISSING.search(str(cell))]
            found += [(exhibit.label, "no row")] if exhibit.table.empty else []
        for name, text in self.texts.items():
            links = re.findall(r"\]\((\w+)\.(?:ipynb|md)\)", text)
            found += [(name, f"a link to {page}, which is not there") for page in links if page not in self.texts]
        return found


MISSING = re.compile(r"\b(?:nan|NaN|NaT|None|inf)\b|<NA>|^$")
ODD = re.compile(
    r".{,40}(?:"
    r"\b(?:nan|NaN|NaT|None(?! of)|inf)\b|<NA>|<<|>>|<%|%>"
    r"|\b0 of 0\b|(?<![\d.])1 (?:[a-z-]+s)\b(?! (?:not|nor))"
    r"|from ([\d.]+%?) to \1(?![\d.%])|by 0\.00|by 0 percentage"
    r"|\b(?:for|of) 0 (?:of \d+ )?(?:outcomes?|statements?|tests?)|(?:rose|fell) for 0\b"
    r"|\(\s*\)|“\s*”| [,;.](?: |$)|\.\s\.|,\s*\.|: *[.;]|\b(?:rose|fell) (?:by|from)\s*[.,;:)]"
    r").{,30}"
)


COSTLY = {
    measures.deprivation: ["summarise_trend"],
    measures.linked: ["summarise", "summarise_trend", "summarise_constant"],
    measures.transition: ["decompose_change"],
    measures.nonresponse: ["compare_responders"],
    measures.overlap: ["summarise"],
    measures.reliability: ["summarise_reliability", "correlate_outcomes"],
    measures.uncertainty: ["summarise_summed", "summarise_means"],
    measures.estimates: ["estimate_levels", "estimate_answers", "compare_totals"],
}


def _remember(function):
    known = {}

    def ask(*given):
        key = tuple(map(id, given))
        if key not in known:
            known[key] = given, function(*given)
        return known[key][1]

    return ask


def read_report(report, monkeypatch, draw=False):
    """Run each section's cells and fill each page, as a build does, and collect what they say and show."""
    told, features = Told(), list_features(report)
    # Sections ask for much of the same; each open report has frames of its own.
    for module, names in COSTLY.items():
        for name in names:
            monkeypatch.setattr(module, name, _remember(getattr(module, name)))
    of_report = facts.ReportFacts(report)
    opened = edition.OpenEdition(report)
    monkeypatch.setattr(cluster_eval, "open_cycle", lambda cycle, language: opened)
    for section in list_sections(report):
        text = section.source.read_text(encoding="utf-8")
        if not section.is_notebook:
            values = {"data_files": "Files.", "area": report.place, "version": "1", "commit": None}
            told.texts[section.name] = fill_page(text, opened, of_report, section.source, **values)
            continue
        said = []

        def lay_out_exhibit(exhibit, language, said=said):
            assert exhibit.label not in told.exhibits, exhibit.label
            told.exhibits[exhibit.label] = exhibit
            said.append(f"[{exhibit.label}]\n")
            for layout in (charts.WIDE, charts.NARROW) if draw and exhibit.draw else ():
                exhibit.draw(layout=layout).canvas.draw()
            return []

        def show(outputs, shown=None, said=said):
            said += [f"{data['text/plain']}\n" for data, _ in outputs]

        monkeypatch.setattr(edition, "lay_out_exhibit", lay_out_exhibit)
        monkeypatch.setattr(edition, "show", show)
        names = {}
        for cell in json.loads(text)["cells"]:
            tags, source = cell["metadata"].get("tags", []), "".join(cell["source"])
            if not keeps_cell(tags, features, section.parameters):
                continue
            if cell["cell_type"] == "markdown":
                said.append(source + "\n")
            else:
                exec(source, names)
            if "parameters" in tags:
                names |= {"cycle": report.cycle, **section.parameters}
        told.texts[section.name] = "\n".join(said)
    return told
