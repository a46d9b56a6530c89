"""What of a cycle's report there is to make, and what is up to date.

This is asked whenever an analyst runs anything: only Python's own light modules are imported.
"""

from pathlib import Path

from cluster_eval.build.freshness import Ledger
from cluster_eval.repository import explain_missing, is_private

ENGLISH = "en"
KERNEL = "kernel"
ENGINES = ("fork", KERNEL)
TIMEOUT = 600
"""Seconds that a cell may take."""

CHECK, RESULTS, PAGES, BOOK, PUBLISH = "check", "results", "pages", "book", "publish"
WORKBOOK, PICTURES, DOCUMENTS = "workbook", "pictures", "documents"
"""Steps besides the sections, each of which is a step of its own."""

EDITIONS = (WORKBOOK, PICTURES, DOCUMENTS)
"""What is made for readers besides the book: from the exhibits, the charts' drawings, and the book's pages."""


class BuildError(Exception):
    """The report could not be built; what an earlier run published stands."""


class InputRefused(Exception):
    """The input cannot be used; `problems` holds every reason, each as a line."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


class Cycle:
    """A cycle's build: what there is to make, and what of it is up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    language : str
        In which language; one that is not English has folders of its own.

    Raises
    ------
    InputRefused
        When there is no such cycle.
    """

    def __init__(self, root: Path, cycle: str, language: str = ENGLISH):
        if missing := explain_missing(root, cycle):
            raise InputRefused([f"params/{cycle}.yml: {missing}"])
        self.root, self.cycle, self.language = root, cycle, language
        self.forced: set[str] = set()
        """Steps to make whether they are up to date or not."""
        place = Path(cycle) if language == ENGLISH else Path(language, cycle)
        self.work = root / "build" / "steps" / place
        self.published, self.draft = root / "build" / place, root / "build" / "draft" / place
        self.fresh, self.replaced = self.work / "publish", self.work / "replaced"
        """What is about to be published, and what it takes the place of."""
        self.ledger = Ledger(str(root), str(self.work / "ledger.json"))

    @property
    def sections(self) -> list[dict]:
        """The book's sections: name, part, source, appendix."""
        return self.ledger.get(CHECK, "value")["sections"]

    @property
    def notebooks(self) -> list[str]:
        """The names of the sections that are notebooks."""
        return [section["name"] for section in self.sections if section["source"].endswith(".ipynb")]

    def explain(self, step: str) -> str | None:
        """Explain why a step has to be made; None where it is up to date."""
        if step in self.forced:
            return "asked for"
        return self.ledger.explain(step, self.give(step))

    def give(self, step: str) -> dict:
        """Give what a step is told to do, besides what it reads."""
        if step in (CHECK, RESULTS):
            return {"cycle": self.cycle}
        checked = self.ledger.get(CHECK, "value")
        about = {"cycle": self.cycle, "language": self.language}
        if step == PAGES:
            names = [Path(place).name for place in self.ledger.get(RESULTS, "outputs") or {}]
            return {**about, "sections": checked["sections"], "results": names}
        if step == WORKBOOK:
            files = self._list_outputs(self.notebooks)
            exhibits = {place: look for place, look in files.items() if "/exhibits/" in place}
            return {**about, "sections": self.notebooks, "files": exhibits}
        if step == PICTURES:
            files = self._list_outputs(self.notebooks)
            return {"drawings": {place: look for place, look in files.items() if place.endswith("-wide.svg")}}
        if step == DOCUMENTS:
            pages = [{"name": section["name"], "part": section["part"]} for section in checked["sections"]]
            files = self._list_outputs([BOOK, PICTURES])
            files = {place: look for place, look in files.items() if place.endswith((".html", ".png"))}
            return {**about, "pages": pages, "files": files}
        if step == BOOK:
            files = self._list_outputs([*self.notebooks, RESULTS, PAGES])
            return {place: look for place, look in files.items() if "/book/" in place}
        if step == PUBLISH:
            files = self._list_outputs([*self.notebooks, RESULTS, PAGES, BOOK, WORKBOOK, DOCUMENTS])
            return {
                "files": files,
                "commit": find_commit(self.root),
                "older": self.list_older(),
                "private": [place for place in self.list_reads() if is_private(self.root, place)],
            }
        [section] = [section for section in checked["sections"] if section["name"] == step]
        about |= {key: section[key] for key in ("source", "appendix", "parameters")}
        about |= {key: checked[key] for key in ("features", "lacks")}
        about["figures"] = self._count_figures_before(step)
        return {"section": step, **about}

    def list_reads(self) -> dict[str, str]:
        """List what the report was made from: place to digest."""
        # Of what an older edition read, what the book reads now is what counts.
        steps = (*EDITIONS, CHECK, *self.notebooks, RESULTS, PAGES, BOOK)
        return {place: look for step in steps for place, look in (self.ledger.get(step, "reads") or {}).items()}

    def put_back(self) -> None:
        """Put back what was published, where a run was killed when it had set it aside and not yet published anew."""
        if self.fresh.exists() and self.replaced.exists() and not self.published.exists():
            self.replaced.rename(self.published)

    def list_older(self) -> list[str]:
        """List the steps of other editions that were made before what is in the book now."""
        return [step for step in (WORKBOOK, DOCUMENTS) if self.explain(step)]

    def remove_outputs(self, step: str) -> None:
        """Remove, before a step is made, what it made before: all where it is asked for, else what was damaged."""
        self.ledger.remove_outputs(step, step in self.forced)

    def _count_figures_before(self, section):
        """Count the analysts' own charts before a section's: 0 where it has none itself, since it need not know."""
        sections = self.notebooks[: self.notebooks.index(section) + 1]
        *earlier, own = [
            sum(f"/tables/{name}-figure-" in each for each in self._list_outputs([name])) for name in sections
        ]
        return sum(earlier) if own else 0

    def list_notices(self, kind: str) -> list[str]:
        """List what the steps have to tell, of a kind of `cluster_eval.build.notices`."""
        files = [place for place in self._list_outputs([*self.notebooks, *EDITIONS]) if f"/{kind}/" in place]
        return [line for place in files for line in (self.root / place).read_text(encoding="utf-8").splitlines()]

    def _list_outputs(self, steps):
        return {place: look for step in steps for place, look in (self.ledger.get(step, "outputs") or {}).items()}

    def keep(self, step: str, given: dict, work, outputs: list[str]) -> None:
        """Keep what a piece of work came to."""
        self.ledger.keep(step, given, work.reads, outputs, work.value, round(work.seconds, 3), work.failure)
        self.forced.discard(step)


def choose_sections(build: Cycle, only: tuple[str, ...]) -> list[str]:
    """Choose the notebooks to execute.

    Parameters
    ----------
    build : Cycle
        A cycle that was checked.
    only : tuple of str
        Sections by their names, with the number in front or without; all where empty.

    Returns
    -------
    list of str
        The sections' names.

    Raises
    ------
    InputRefused
        When there is no such section, with those that there are.
    """
    if not only:
        return build.notebooks
    names = {name.split("_", 1)[-1]: name for name in build.notebooks} | {name: name for name in build.notebooks}
    unknown = [name for name in only if name not in names]
    if unknown:
        sections = ", ".join(build.notebooks)
        raise InputRefused([f"{build.cycle} has no section {', '.join(unknown)}; sections: {sections}"])
    return [name for name in build.notebooks if name in {names[each] for each in only}]


def describe_unlisted(root: Path, named: list[str]) -> str | None:
    """Describe which notebooks no book can have, since its contents do not name them.

    Parameters
    ----------
    root : Path
        The repository's root.
    named : list of str
        The names of those that the contents name.

    Returns
    -------
    str or None
        A line; None where there are none.
    """
    files = sorted(file.name for file in (root / "notebooks").glob("[!.]*.ipynb") if file.stem not in named)
    more = f" and {len(files) - 5} more" if len(files) > 5 else ""
    told = "notebooks that book/contents.yml does not name are in no book"
    return f"{told}: {', '.join(files[:5])}{more}" if files else None


def find_commit(root: Path) -> str | None:
    """Find which commit is checked out, without asking git.

    Parameters
    ----------
    root : Path
        The repository's root.

    Returns
    -------
    str or None
        What git's files say; None outside a repository.
    """
    try:
        head = (root / ".git" / "HEAD").read_text(encoding="utf-8").strip()
        return (root / ".git" / head[5:]).read_text(encoding="utf-8").strip() if head.startswith("ref: ") else head
    except OSError:
        return None


def is_up_to_date(build: Cycle, only: tuple[str, ...]) -> bool:
    """Say whether nothing has to be made.

    Parameters
    ----------
    build : Cycle
        The cycle.
    only : tuple of str
        The sections asked for; they have to be there.

    Returns
    -------
    bool
        Whether what is published follows from what stands in the files.

    Raises
    ------
    InputRefused
        When there is no such section.
    """
    if build.explain(CHECK):
        return False
    choose_sections(build, only)
    return not any(build.explain(step) for step in (*build.notebooks, RESULTS, PAGES, BOOK, *EDITIONS, PUBLISH))


def name_page(build: Cycle, place: Path) -> str:
    """Name the first page of a book.

    Parameters
    ----------
    build : Cycle
        The cycle.
    place : Path
        The folder that holds `html/`.

    Returns
    -------
    str
        Its path, relative to the root.
    """
    return (place / "html" / "index.html").relative_to(build.root).as_posix()


def list_formats(build: Cycle) -> list[str]:
    """List what is published of a cycle, in every format.

    Parameters
    ----------
    build : Cycle
        The cycle.

    Returns
    -------
    list of str
        Paths, relative to the root: the book's first page, then files, then folders, these with a stroke at the end.
    """
    others = [place for place in build.published.iterdir() if place.name != "html" and not place.name.startswith(".")]
    others.sort(key=lambda place: (place.is_dir(), place.name))
    named = [place.relative_to(build.root).as_posix() + "/" * place.is_dir() for place in others]
    return [name_page(build, build.published), *named]
