"""The steps of a report: what follows from what, what each is told to do, and what of it is up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cluster_eval.build.cache import Cache
from cluster_eval.config import is_cycle, read_yaml
from cluster_eval.problems import InputError
from cluster_eval.repository import explain_missing, is_private
from cluster_eval.sources.edition import ALL_WALES, ENGLISH, Edition, Scope

KERNEL = "kernel"
ENGINES = ("fork", KERNEL)
TIMEOUT = 600
"""Seconds that a cell may take."""

CHECK, SECTION, TRANSLATION, RESULTS, PAGES = "check", "section", "translation", "results", "pages"
BOOK, WORKBOOK, PICTURES, DOCUMENTS, PUBLISH = "book", "workbook", "pictures", "documents", "publish"

FORMATS = (WORKBOOK, PICTURES, DOCUMENTS)
"""What is made for readers besides the book: from the exhibits, the charts' drawings, and the book's pages."""


@dataclass(frozen=True)
class Step:
    """A step, or of sections and their translations each.

    Attributes
    ----------
    function : str
        What makes it, such as `cluster_eval.build.execute:execute_section`: called with the root, what it is told to
        do (see `Build.give`), the folder of what is made on the way, and a function to tell how far it is.
    follows : tuple of str
        The steps from whose outputs it is made.
    is_shared : bool
        Whether it is the same in each language, and made once for all.
    """

    function: str
    follows: tuple[str, ...] = ()
    is_shared: bool = False


STEPS = {
    CHECK: Step("cluster_eval.build.contents:check_cycle", is_shared=True),
    SECTION: Step("cluster_eval.build.execute:execute_section", (CHECK,), is_shared=True),
    TRANSLATION: Step("cluster_eval.build.translate:translate_section", (CHECK, SECTION)),
    RESULTS: Step("cluster_eval.build.pages:write_tables", (CHECK,), is_shared=True),
    PAGES: Step("cluster_eval.build.pages:fill_pages", (CHECK, RESULTS)),
    BOOK: Step("cluster_eval.build.book:build_book", (SECTION, TRANSLATION, RESULTS, PAGES)),
    WORKBOOK: Step("cluster_eval.build.workbook:make_workbook", (SECTION, TRANSLATION)),
    PICTURES: Step("cluster_eval.build.pictures:make_pictures", (SECTION, TRANSLATION)),
    DOCUMENTS: Step("cluster_eval.build.documents:make_documents", (BOOK, PICTURES)),
    PUBLISH: Step("", (SECTION, TRANSLATION, RESULTS, PAGES, BOOK, WORKBOOK, DOCUMENTS)),
}
"""What is made, and what follows from what. Publishing is done by the run itself."""


class Build:
    """An edition's build: what there is to make, and what of it is up to date.

    Parameters
    ----------
    root : Path
        The repository's root.
    edition : Edition
        What is built.
    """

    def __init__(self, root: Path, edition: Edition):
        self.root, self.edition = root, edition
        self.forced: set[str] = set()
        """Steps to make whether they are up to date or not."""
        steps, build = root / "build" / "steps", root / "build"
        self.shared, self.work = steps / edition.shared_folder, steps / edition.folder
        """Folders of what is made on the way: of what is the same in each language, and of this one."""
        self.published, self.draft = build / edition.folder, build / "draft" / edition.folder
        self.fresh, self.replaced = self.work / "publish", self.work / "replaced"
        """What is about to be published, and what it takes the place of."""
        self._shared_cache = Cache(root, self.shared / "cache.json")
        is_own = self.work == self.shared
        self._cache = self._shared_cache if is_own else Cache(root, self.work / "cache.json")

    @property
    def cycle(self) -> str:
        """The newest cycle."""
        return self.edition.cycle

    @property
    def checked(self) -> dict:
        """What checking the input gave; see `cluster_eval.build.contents.check_cycle`."""
        return self.get(CHECK, "value")

    @property
    def sections(self) -> list[dict]:
        """The book's sections: name, part, source, appendix."""
        return self.checked["sections"]

    @property
    def notebooks(self) -> list[str]:
        """The names of the sections that are notebooks: each is a step."""
        return [section["name"] for section in self.sections if section["source"].endswith(".ipynb")]

    @property
    def translations(self) -> list[str]:
        """The steps that write what sections show in the edition's language; none in English, in which they run."""
        return self._resolve((TRANSLATION,))

    @property
    def written(self) -> list[str]:
        """The steps that write the notebooks' pages in the edition's language: themselves, or their translations."""
        return self.translations or self.notebooks

    def find_kind(self, step: str) -> str:
        """Find the kind of a step: its own name, but for sections and their translations.

        Parameters
        ----------
        step : str
            A step.

        Returns
        -------
        str
            A key of `STEPS`.
        """
        if step in STEPS:
            return step
        return TRANSLATION if step.startswith(f"{TRANSLATION} ") else SECTION

    def list_followed(self, step: str) -> list[str]:
        """List the steps that a step follows from.

        Parameters
        ----------
        step : str
            A step.

        Returns
        -------
        list of str
            The steps; a translation follows from its own section alone.
        """
        kind = self.find_kind(step)
        if kind == TRANSLATION:
            return [CHECK, step.removeprefix(f"{TRANSLATION} ")]
        return self._resolve(STEPS[kind].follows)

    def has_to_wait(self, step: str) -> bool:
        """Say whether a translation has nothing to be made of: its section failed, or was not asked for."""
        return self.find_kind(step) == TRANSLATION and self.explain(self.list_followed(step)[-1]) is not None

    def find_folder(self, step: str) -> Path:
        """Find the folder of what is made on the way in which a step works."""
        return self.shared if STEPS[self.find_kind(step)].is_shared else self.work

    def explain(self, step: str) -> str | None:
        """Explain why a step has to be made; None where it is up to date."""
        if step in self.forced:
            return "asked for"
        return self._find_cache(step).explain(step, self.give(step))

    def give(self, step: str) -> dict:
        """Give what a step is told to do, besides what it reads."""
        kind, edition = self.find_kind(step), self.edition
        about = {"cycles": list(edition.cycles), "scope": [edition.scope.kind, edition.scope.name]}
        about |= {} if STEPS[kind].is_shared else {"language": edition.language}
        match kind:
            case "section" | "translation":
                return about | self._give_section(step, kind)
            case "pages":
                results = list(self.list_outputs([RESULTS]))
                return about | {"sections": self.sections, "results": results, "commit": find_commit(self.root)}
            case "book":
                return about | {"files": self._list_own(step, "book", "")}
            case "workbook":
                return about | {"sections": self.notebooks, "files": self._list_own(step, "exhibits", "")}
            case "pictures":
                return about | {"drawings": self._list_own(step, "figures", "-wide.svg")}
            case "documents":
                pages = [{"name": section["name"], "part": section["part"]} for section in self.sections]
                files = self._list_own(step, "book", ".html") | self._list_own(step, "pictures", ".png")
                return about | {"pages": pages, "files": files}
            case "publish":
                return about | {
                    "files": self._list_own(step, "", ""),
                    "commit": find_commit(self.root),
                    "older": self.list_older(),
                    "private": [place for place in self.list_reads() if is_private(self.root, place)],
                }
        return about

    def _give_section(self, step, kind):
        name = self.list_followed(step)[-1] if kind == TRANSLATION else step
        [section] = [section for section in self.sections if section["name"] == name]
        about = {"section": name, "appendix": section["appendix"], "source": section["source"]}
        if kind == TRANSLATION:
            return about | {"executed": self.list_outputs([name])}
        checked = {key: self.checked[key] for key in ("features", "lacks")}
        return about | checked | {"parameters": section["parameters"], "figures": self._count_figures_before(name)}

    def get(self, step: str, key: str) -> object:
        """Get what is kept of a step; see `cluster_eval.build.cache.Cache.get`."""
        return self._find_cache(step).get(step, key)

    def keep(self, step: str, given: dict, work, outputs: Iterable[str]) -> None:
        """Keep what a piece of work came to."""
        kept = (given, work.reads, outputs, work.value, round(work.seconds, 3), work.failure)
        self._find_cache(step).keep(step, *kept)
        self.forced.discard(step)

    def keep_published(self, given: dict, seconds: float) -> None:
        """Keep what was published."""
        self._cache.keep(PUBLISH, given, {}, self.list_files(self.published), None, seconds)
        self.forced.discard(PUBLISH)

    def list_files(self, folder: Path) -> list[str]:
        """List the files below a folder, relative to the root."""
        return [file.relative_to(self.root).as_posix() for file in folder.rglob("*") if file.is_file()]

    def look_again(self) -> None:
        """Forget what the files held when they were looked at: they may have changed since."""
        self._shared_cache.look_again()
        self._cache.look_again()

    def list_outputs(self, steps: Iterable[str]) -> dict[str, str]:
        """List what steps made: place to digest."""
        return {place: look for step in steps for place, look in (self.get(step, "outputs") or {}).items()}

    def _list_own(self, step, folder, ending):
        """List what was made in a folder of the edition's own by the steps that a step follows from."""
        own = f"{(self.work / folder).relative_to(self.root).as_posix()}/"
        files = self.list_outputs(self.list_followed(step)).items()
        return {place: look for place, look in files if place.startswith(own) and place.endswith(ending)}

    def remove_outputs(self, step: str) -> None:
        """Remove, before a step is made, what it made before: all where it is asked for, else what was damaged."""
        self._find_cache(step).remove_outputs(step, step in self.forced)

    def list_reads(self) -> dict[str, str]:
        """List what the report was made from: place to digest."""
        # Of what an older format read, what the book reads now is what counts.
        steps = (*FORMATS, CHECK, *self._resolve((SECTION, TRANSLATION, RESULTS, PAGES, BOOK)))
        return {place: look for step in steps for place, look in (self.get(step, "reads") or {}).items()}

    def list_older(self) -> list[str]:
        """List the formats that were made before what is in the book now."""
        return [step for step in (WORKBOOK, DOCUMENTS) if self.explain(step)]

    def list_notices(self, kind: str) -> list[str]:
        """List what the steps have to tell, of a kind of `cluster_eval.build.notices`."""
        files = [place for place in self.list_outputs([*self.notebooks, *FORMATS]) if f"/{kind}/" in place]
        return [line for place in files for line in (self.root / place).read_text(encoding="utf-8").splitlines()]

    def list_formats(self) -> list[str]:
        """List what is published, in every format: the first page, files, then folders, these with a stroke."""
        others = [place for place in self.published.iterdir() if place.name != "html" and place.name[0] != "."]
        others.sort(key=lambda place: (place.is_dir(), place.name))
        named = [place.relative_to(self.root).as_posix() + "/" * place.is_dir() for place in others]
        return [self.name_page(self.published), *named]

    def name_page(self, folder: Path) -> str:
        """Name the first page of the book that a folder holds."""
        return (folder / "html" / "index.html").relative_to(self.root).as_posix()

    def put_back(self) -> None:
        """Put back what was published, where a run was killed when it had set it aside and not yet published anew."""
        if self.fresh.exists() and self.replaced.exists() and not self.published.exists():
            self.replaced.rename(self.published)

    def list_steps(self) -> list[str]:
        """List every step, in the order in which they follow."""
        return self._resolve(STEPS)

    def choose_sections(self, only: tuple[str, ...]) -> list[str]:
        """Choose the notebooks to execute.

        Parameters
        ----------
        only : tuple of str
            Sections by their names, with the number in front or without; all where empty.

        Returns
        -------
        list of str
            The sections' names.

        Raises
        ------
        InputError
            When there is no such section, with those that there are.
        """
        names = {name.split("_", 1)[-1]: name for name in self.notebooks} | {name: name for name in self.notebooks}
        unknown = [name for name in only if name not in names]
        if unknown:
            sections = ", ".join(self.notebooks)
            raise InputError([f"{self.cycle} has no section {', '.join(unknown)}; sections: {sections}"])
        wanted = {names[each] for each in only}
        return [name for name in self.notebooks if not only or name in wanted]

    def is_up_to_date(self, only: tuple[str, ...] = ()) -> bool:
        """Say whether what is published follows from what stands in the files; sections asked for have to be there."""
        if self.explain(CHECK):
            return False
        self.choose_sections(only)
        return not any(map(self.explain, self.list_steps()))

    def _resolve(self, kinds):
        """Name the steps of some kinds; an edition in English has no translations."""
        steps = []
        for kind in kinds:
            if kind == SECTION:
                steps += self.notebooks
            elif kind == TRANSLATION:
                is_english = self.edition.language == ENGLISH
                steps += [] if is_english else [f"{TRANSLATION} {name}" for name in self.notebooks]
            else:
                steps.append(kind)
        return steps

    def _find_cache(self, step):
        return self._shared_cache if STEPS[self.find_kind(step)].is_shared else self._cache

    def _count_figures_before(self, section):
        """Count the analysts' own charts before a section's: 0 where it has none itself, since it need not know."""
        sections = self.notebooks[: self.notebooks.index(section) + 1]
        *earlier, own = [
            sum(f"/tables/{name}-figure-" in each for each in self.list_outputs([name])) for name in sections
        ]
        return sum(earlier) if own else 0


def open_build(root: Path, cycle: str, language: str = ENGLISH, scope: Scope = ALL_WALES) -> Build:
    """Open the build of an edition.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The newest cycle.
    language : str
        In which language.
    scope : Scope
        Of which clusters.

    Returns
    -------
    Build
        What there is to make, of all cycles that params lead to; whether these are right is what the first step checks.

    Raises
    ------
    InputError
        When there is no such cycle.
    """
    if missing := explain_missing(root, cycle):
        raise InputError([f"params/{cycle}.yml: {missing}"])
    cycles = [cycle]
    while (previous := _read_previous(root, cycles[0])) is not None and previous < cycles[0]:
        cycles.insert(0, previous)
    return Build(root, Edition(tuple(cycles), scope, language))


def _read_previous(root, cycle):
    """Read which cycle is before another; None also where params are not right, which checking the input tells."""
    try:
        params = read_yaml(root, Path("params", f"{cycle}.yml"))
    except (OSError, InputError):
        return None
    previous = params.get("previous") if isinstance(params, dict) else None
    return previous if isinstance(previous, str) and is_cycle(previous) else None


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
    folder = root / ".git"
    try:
        if folder.is_file():
            # A working tree beside another has there the name of its folder, and refs in the other's.
            folder = root / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        common = folder / "commondir"
        refs = folder / common.read_text(encoding="utf-8").strip() if common.is_file() else folder
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head
        if (refs / head[5:]).is_file():
            return (refs / head[5:]).read_text(encoding="utf-8").strip()
        packed = (refs / "packed-refs").read_text(encoding="utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {head[5:]}")), None)
    except OSError:
        return None
