"""What a report says of why clusters disagree, and of how far coders agree, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.maturity import ALL
from cluster_eval.values import SIGNIFICANCE, Effect, Label, Number, make_effect


@dataclass(frozen=True)
class Themes:
    """The themes of a cycle's comments.

    Attributes
    ----------
    themes : tuple of Label
        The themes.
    n_themes, n_subthemes : Number
        How many there are.
    top, top_theme : Label or None
        The sub-theme that most responses raise, and its theme; None where no first place can be told: where coders are
        not surely reliable, or others come near it.
    excerpts, responses : Number or None
        Its excerpts and responses.
    most : tuple of Label
        The sub-themes of which it cannot be told which comes first: all whose number of responses chance could have
        made the greatest.
    reliable : bool
        Whether coders surely agree, on sub-themes as a whole.
    """

    themes: tuple[Label, ...]
    n_themes: Number
    n_subthemes: Number
    top: Label | None
    top_theme: Label | None
    excerpts: Number | None
    responses: Number | None
    most: tuple[Label, ...]
    reliable: bool

    @property
    def found(self) -> str:
        """Whether there is a `first` place; or coders are `unreliable`, or `several` or `all` are near each other."""
        if not self.reliable:
            return "unreliable"
        if self.top:
            return "first"
        return "all" if len(self.most) == self.n_subthemes.n else "several"


@dataclass(frozen=True)
class CoderAgreement:
    """How far the coders of comments agree.

    Attributes
    ----------
    coders : int
        How many there are.
    excerpts : Number
        Excerpts that at least two of them have read; with none, what follows says nothing.
    themes, subthemes : Effect or None
        Krippendorff's alpha over all themes and over all sub-themes; None where there is none.
    weak : tuple of Label
        Themes and sub-themes that are not read as reliable.
    n_read : int
        How many themes and sub-themes can be read.
    """

    coders: int
    excerpts: Number
    themes: Effect | None
    subthemes: Effect | None
    weak: tuple[Label, ...]
    n_read: int

    @property
    def n_weak(self) -> int:
        """How many are not."""
        return len(self.weak)

    @property
    def weak_are(self) -> str:
        """Whether these are `none`, `one`, a `few` that can be named, or `many`."""
        return ("none", "one", "few", "few")[self.n_weak] if self.n_weak < 4 else "many"

    @property
    def found(self) -> str:
        """What is known: `nothing`, that they gave the `same` theme, agreement on `themes` or on `both`."""
        if not self.excerpts.n:
            return "nothing"
        if self.themes is None:
            return "same"
        return "themes" if self.subthemes is None else "both"


def describe_themes(themes: pd.DataFrame, agreement: pd.DataFrame) -> Themes:
    """Describe the themes of one cycle.

    A first place is told where coders are reliable, and the sub-theme leads every other clearly: a coin would hardly
    have divided the responses of the two as unevenly (exact sign test at the 5% level).

    Parameters
    ----------
    themes, agreement : DataFrame
        What `measures.themes.summarise` and `measures.coder_agreement.summarise` return for one cycle.

    Returns
    -------
    Themes
        The facts.
    """
    from scipy.stats import binomtest

    names = tuple(Label("theme", str(theme)) for theme in themes["theme"].unique())
    ranked = themes.sort_values(["responses", "excerpts"], ascending=False, kind="stable")
    first = ranked.iloc[0]
    near = [
        bool(first["responses"] == row.responses)
        or binomtest(int(row.responses), int(first["responses"] + row.responses)).pvalue >= SIGNIFICANCE
        for row in ranked.itertuples()
    ]
    whole = agreement[(agreement["level"] == "subtheme") & (agreement["theme"] == ALL)]
    is_reliable = bool((whole["reading"] == "reliable").any())
    is_first = is_reliable and sum(near) == 1
    return Themes(
        themes=names,
        n_themes=Number(len(names), "theme"),
        n_subthemes=Number(len(themes), "subtheme"),
        top=Label("subtheme", str(first["subtheme"])) if is_first else None,
        top_theme=Label("theme", str(first["theme"])) if is_first else None,
        excerpts=Number(int(first["excerpts"]), "excerpt") if is_first else None,
        responses=Number(int(first["responses"]), "response") if is_first else None,
        most=tuple(Label("subtheme", str(subtheme)) for subtheme in ranked.loc[near, "subtheme"]),
        reliable=is_reliable,
    )


def describe_coder_agreement(agreement: pd.DataFrame) -> CoderAgreement:
    """Describe how far the coders of comments agree.

    Parameters
    ----------
    agreement : DataFrame
        What `measures.coder_agreement.summarise` returns for one cycle.

    Returns
    -------
    CoderAgreement
        The facts.
    """
    whole = agreement[(agreement["theme"] == ALL) & agreement["alpha"].notna()]
    alpha = {row.level: make_effect(row.alpha, row.alpha_low, row.alpha_high) for row in whole.itertuples()}
    single = agreement[(agreement["theme"] != ALL) & agreement["reading"].notna()]
    is_reliable = single["reading"] == "reliable"
    return CoderAgreement(
        coders=int(agreement["coders"].max()),
        excerpts=Number(int(agreement["units"].max()), "excerpt"),
        themes=alpha.get("theme"),
        subthemes=alpha.get("subtheme"),
        weak=tuple(
            Label(row.level, row.subtheme if row.level == "subtheme" else row.theme)
            for row in single[~is_reliable].itertuples()
        ),
        n_read=len(single),
    )
