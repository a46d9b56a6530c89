"""A cycle's typed, validated params and the paths that they name."""

import re
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cluster_eval.folding import is_invisible, tidy_text
from cluster_eval.problems import InputError, Problem, suggest
from cluster_eval.repository import PRIVATE, explain_missing, find_file, find_private_folder, list_cycles

CYCLE_PATTERN = re.compile(r"\d{4}-\d{2}")
OUTCOMES_FILE = Path("data/reference/outcomes.csv")
INSIGHTS_FOLDER = Path("data/insights")
LONGEST_TITLE = 200
"""Documents give their title as a property, of which Word holds 255 letters."""


class Fieldwork(BaseModel):
    """The dates between which the survey was open, both included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: date
    closes: date

    @model_validator(mode="after")
    def _check_order(self):
        if self.closes < self.opens:
            raise ValueError(f"closes ({self.closes}) is before opens ({self.opens})")
        return self


class Break(BaseModel):
    """What makes a cycle hard to compare with the one before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_cycle: str = Field(alias="from")
    what: Literal["form", "questions", "levels"]
    note: str

    @field_validator("from_cycle")
    @classmethod
    def _check_cycle(cls, value):
        return _check_cycle(value)


class Params(BaseModel):
    """What `params/<cycle>.yml` says; a key that is not one of these is an error.

    Attributes
    ----------
    cycle : str
        The cycle, such as `2024-25`; the file is named after it.
    previous : str or None
        The cycle to compare with; None for a first cycle.
    title : str
        The report's title.
    fieldwork : Fieldwork
        When the survey opened and closed.
    responses, codebook : Path
        The export and its codebook, relative to the repository's root.
    answers : Path or None
        What answers of the export mean; where it is None, `answers.csv` beside the export, if there is one.
    coding, actions, published, insights : Path or None
        Thematic coding, opportunities for action, the folder of the published report's values, and what published
        findings say that clusters wrote.
    register_file : Path
        `register`: the register of all clusters.
    sample_data : bool
        Whether the responses are synthetic; the book and the manifest then say so.
    breaks : tuple of Break
        What makes this cycle hard to compare with the one before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cycle: str
    previous: str | None
    title: str
    fieldwork: Fieldwork
    responses: Path
    codebook: Path
    answers: Path | None = None
    coding: Path | None = None
    actions: Path | None = None
    register_file: Path = Field(Path("data/reference/clusters.csv"), alias="register")
    published: Path | None = None
    insights: Path | None = None
    sample_data: bool = False
    breaks: tuple[Break, ...] = ()

    @field_validator("title")
    @classmethod
    def _check_title(cls, value):
        hidden = dict.fromkeys(f"U+{ord(letter):04X}" for letter in value if is_invisible(letter))
        if hidden:
            raise ValueError(f"a title holds no characters that show nothing, and this one has {', '.join(hidden)}")
        if not value.strip() or len(value) > LONGEST_TITLE:
            raise ValueError(f"a title has words, and at most {LONGEST_TITLE} letters; this one has {len(value)}")
        return tidy_text(value)

    @property
    def answers_file(self) -> Path:
        """Where it stands, or would stand, what answers of the export mean."""
        return self.answers or self.responses.parent / "answers.csv"

    @field_validator("cycle", "previous")
    @classmethod
    def _check_cycle(cls, value):
        return value if value is None else _check_cycle(value)


def _check_cycle(value):
    if not is_cycle(value):
        raise ValueError("a cycle is written as two years, such as 2024-25")
    return value


def is_cycle(text: str) -> bool:
    """Say whether a text names a cycle: a year and the last two digits of the next.

    Parameters
    ----------
    text : str
        Such as `2024-25`.

    Returns
    -------
    bool
        True for `2024-25`; False for `2024-26` or `2024`.
    """
    if not CYCLE_PATTERN.fullmatch(text):
        return False
    first, second = text.split("-")
    return (int(first) + 1) % 100 == int(second)


class _Loader(yaml.SafeLoader):
    """Leaves dates as text: one that no calendar has is then told with its key, as any other value."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        """Refuse a key that is there twice, of which YAML would take the last."""
        rows = {}
        for key, _ in node.value:
            name, row = str(key.value), key.start_mark.line + 1
            if name in rows:
                raise _KeyTwice(name, rows[name], row)
            rows[name] = row
        return super().construct_mapping(node, deep)


class _KeyTwice(Exception):
    """A key, and the two rows in which it stands."""


def read_yaml(root: Path, file: Path) -> object:
    """Read a YAML file.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.

    Returns
    -------
    object
        What it holds, dates as text.

    Raises
    ------
    InputError
        When it is not YAML, with the row where reading ended, or has a key twice.
    """
    try:
        return yaml.load((root / file).read_text(encoding="utf-8"), _Loader)
    except _KeyTwice as error:
        key, first, second = error.args
        where = f"in rows {first} and {second}" if first != second else "in one row"
        what = f"this key is there twice, {where}; delete one of them"
        raise InputError([Problem(file.as_posix(), what, second, key)]) from None
    except UnicodeDecodeError as error:
        raise InputError([Problem(file.as_posix(), f"is not UTF-8 text: {error.reason}")]) from None
    except RecursionError:
        raise InputError([Problem(file.as_posix(), "holds brackets within brackets, too deep to be read")]) from None
    except yaml.MarkedYAMLError as error:
        row = None if error.problem_mark is None else error.problem_mark.line + 1
        raise InputError([Problem(file.as_posix(), f"is not readable as YAML: {error.problem}", row)]) from None
    except yaml.YAMLError as error:
        raise InputError([Problem(file.as_posix(), f"is not readable as YAML: {error}")]) from None


def read_model(root: Path, file: Path, model: type[BaseModel]) -> BaseModel:
    """Read a YAML file as a model.

    Parameters
    ----------
    root, file : Path
        The repository's root, and the file relative to it.
    model : type
        What it should be.

    Returns
    -------
    BaseModel
        What it is.

    Raises
    ------
    InputError
        When it is not as it should be, with every place that is not.
    """
    try:
        return model.model_validate(read_yaml(root, file))
    except ValidationError as error:
        raise InputError(
            Problem(str(file), detail["msg"].removeprefix("Value error, "), heading=".".join(map(str, detail["loc"])))
            for detail in error.errors()
        ) from None


def load_params(root: Path, cycle: str) -> Params:
    """Read and check `params/<cycle>.yml`.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.

    Returns
    -------
    Params
        The params, whole and valid; the files that they name exist.

    Raises
    ------
    InputError
        When the cycle has no params, or the file is not YAML, has a key that is unknown, missing or of
        the wrong kind, belongs to another cycle, names a previous cycle without params, or names a file
        that does not exist or is outside the repository.
    """
    file = f"params/{cycle}.yml"
    if missing := explain_missing(root, cycle):
        raise InputError([Problem(file, missing)])
    values = read_yaml(root, Path(file))
    if not isinstance(values, dict):
        raise InputError([Problem(file, "does not hold keys and values, such as `cycle: 2024-25`")])
    try:
        params = Params.model_validate(values)
    except ValidationError as error:
        raise InputError(_params_problems(file, error)) from None
    problems = list(_check_params(root, cycle, file, params))
    if problems:
        raise InputError(problems)
    return params


def follow_chain(root: Path, cycle: str) -> list[Params]:
    """Follow the chain of previous cycles to the first.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        Where it begins.

    Returns
    -------
    list of Params
        Those of all cycles, the earliest first; a chain cannot turn back, since a previous cycle is an earlier one.

    Raises
    ------
    InputError
        When the params of any are not as they should be, or two name the same responses.
    """
    chain = [load_params(root, cycle)]
    while chain[-1].previous is not None:
        chain.append(load_params(root, chain[-1].previous))
    for place, params in enumerate(chain):
        for earlier in chain[place + 1 :]:
            if params.responses == earlier.responses:
                own = f"found {params.responses}, which are those of {earlier.cycle}; name those of {params.cycle}"
                raise InputError([Problem(f"params/{params.cycle}.yml", own, heading="responses")])
    return chain[::-1]


_ACCEPTED = {"date": "a date, such as 2025-05-31, that the calendar has", "bool": "true or false", "string": "text"}


def _params_problems(file, error):
    keys = [field.alias or key for key, field in Params.model_fields.items()]
    for detail in error.errors():
        key = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            accepted = Fieldwork.model_fields if "." in key else keys
            what = f"unknown key; {suggest(str(detail['loc'][-1]), accepted)}"
        elif detail["type"] == "missing":
            what = "this key is missing" + ("; write null for a first cycle" if key == "previous" else "")
        elif detail["type"] == "value_error":
            found = f"found {detail['input']!r}; " if isinstance(detail["input"], str) else ""
            what = found + detail["msg"].removeprefix("Value error, ")
        else:
            accepted = next((words for kind, words in _ACCEPTED.items() if detail["type"].startswith(kind)), None)
            what = f"found {detail['input']!r}; {detail['msg'] if accepted is None else f'accepted: {accepted}'}"
        yield Problem(file, what, heading=key or None)


def _check_params(root, cycle, file, params):
    for each in params.breaks:
        if each.from_cycle != params.cycle:
            what = f"found {each.from_cycle}; a break stands in the params of the cycle from which it holds"
            yield Problem(file, what, heading="breaks")
    if params.cycle != cycle:
        yield Problem(file, f"found {params.cycle}; the file's name says {cycle}", heading="cycle")
    if params.previous is not None:
        if params.previous >= params.cycle:
            what = f"found {params.previous}; the previous cycle is an earlier one than {params.cycle}"
            yield Problem(file, what, heading="previous")
        elif not (root / "params" / f"{params.previous}.yml").is_file():
            others = [other for other in list_cycles(root) if other != cycle]
            what = f"cycle {params.previous} has no params file; cycles with one: {', '.join(others) or 'none'}"
            yield Problem(file, what, heading="previous")
    named = {
        "responses": params.responses,
        "codebook": params.codebook,
        "answers": params.answers,
        "coding": params.coding,
        "actions": params.actions,
        "insights": params.insights,
        "register": params.register_file,
    }
    either = f", neither here nor in {PRIVATE}={find_private_folder(root)}" if find_private_folder(root) else ""
    for key, path in (named | {"published": params.published}).items():
        if path is None:
            continue
        kind, found = ("folder", Path.is_dir) if key == "published" else ("file", Path.is_file)
        if path.is_absolute() or ".." in path.parts:
            where = f"name one below data/; what must not be in the repository, put into a folder that {PRIVATE}= names"
            yield Problem(file, f"found {path}, which is outside the repository; {where}", heading=key)
        elif not _is_within(root, find_file(root, path)):
            yield Problem(file, f"{path} is a link that leads out of the repository; put the file there", heading=key)
        elif not found(find_file(root, path)):
            yield Problem(file, f"the {kind} {path} does not exist{either}", heading=key)


def _is_within(root, path):
    folders = [folder for folder in (root.resolve(), find_private_folder(root)) if folder is not None]
    return any(path.resolve().is_relative_to(folder) for folder in folders)
