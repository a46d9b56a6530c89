"""Fills templates that are not yet messages; it goes when the last of them is."""

from cluster_eval.prose import fill_markdown, fill_text


def fill_old(template, values):
    """Fill a template; give it in Markdown and as plain text."""
    return (fill(template.strip(), values).strip() for fill in (fill_markdown, fill_text))
