"""What a report says of why clusters disagree, and of how far coders agree, as values."""

from dataclasses import dataclass

import pandas as pd

from cluster_eval.measures.coder_agreement import RELIABLE
from cluster_eval.measures.maturity import ALL
from cluster_eval.values import Effect, Label, Number, make_effect


@dataclass(frozen=True)
class Themes:
    """The themes of a cycle's comments.

    Attributes
    ----------
    themes : tuple of Label
        The themes.
    n_themes, n_subthemes : Number
        How many there are.
    top : tuple of Label
        The sub-themes that most responses raise.
    top_theme : Label
        The theme of the first of them.
    excerpts, responses : Number
        Excerpts and responses of the first of them.
    """

    themes: tuple[Label, ...]
    n_themes: Number
    n_subthemes: Number
    top: tuple[Label, ...]
    top_theme: Label
    excerpts: Number
    responses: Number

    @property
    def several(self) -> bool:
        """Whether several sub-themes are raised by most responses."""
        return len(self.top) > 1


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
    unsure : int
        How many are, though their interval reaches below that.
    """

    coders: int
    excerpts: Number
    themes: Effect | None
    subthemes: Effect | None
    weak: tuple[Label, ...]
    unsure: int

    @property
    def found(self) -> str:
        """What is known: `nothing`, that they gave the `same` theme, agreement on `themes` or on `both`."""
        if not self.excerpts.n:
            return "nothing"
        if self.themes is None:
            return "same"
        return "themes" if self.subthemes is None else "both"


def describe_themes(themes: pd.DataFrame) -> Themes:
    """Describe the themes of one cycle.

    Parameters
    ----------
    themes : DataFrame
        What `measures.themes.summarise` returns for one cycle.

    Returns
    -------
    Themes
        The facts.
    """
    names = tuple(Label("theme", str(theme)) for theme in themes["theme"].unique())
    tops = themes[themes["responses"] == themes["responses"].max()]
    tops = tops.sort_values("excerpts", ascending=False, kind="stable")
    top = tops.iloc[0]
    return Themes(
        themes=names,
        n_themes=Number(len(names), "theme"),
        n_subthemes=Number(len(themes), "subtheme"),
        top=tuple(Label("subtheme", str(subtheme)) for subtheme in tops["subtheme"]),
        top_theme=Label("theme", str(top["theme"])),
        excerpts=Number(int(top["excerpts"]), "excerpt"),
        responses=Number(int(top["responses"]), "response"),
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
        unsure=int((is_reliable & (single["alpha_low"] < RELIABLE)).sum()),
    )
