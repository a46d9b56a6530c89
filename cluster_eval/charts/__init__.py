"""From values and their labels to charts: functions from a table to a figure of matplotlib's."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bars": ["draw_bars", "draw_levels"],
        "estimates": ["draw_changes", "draw_correlations", "draw_ranges"],
        "groups": ["draw_moves", "draw_overview"],
        "outcomes": ["draw_means", "draw_multiples"],
        "style": ["CURRENT_COLOUR", "NARROW", "PREVIOUS_COLOUR", "STYLE", "WIDE", "colour_cycles"],
    },
)
