"""What a notebook showed, kept as values with the outputs of its cells, so that another language can show it again."""

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import cloudpickle
import nbformat
from IPython.display import display

from cluster_eval.notebook.display import Output

KEEP = "CLUSTER_EVAL_KEEP_SHOWN"
"""Variable of the environment by which a build asks for it: what an analyst runs keeps none."""

SHOWN = "application/vnd.cluster-eval.shown"
"""Type of what was shown, with the first of its outputs; no notebook that is published has it."""

COUNT = "cluster_eval_outputs"
"""Key of that output's metadata: how many outputs it came to."""


@dataclass(frozen=True)
class Shown:
    """A call by which something was shown.

    Attributes
    ----------
    kind : str
        What is shown: the name of what of an open edition lays it out.
    given : tuple
        What the call was given, by its place.
    named : mapping of str to object
        What it was given by name.
    """

    kind: str
    given: tuple
    named: Mapping[str, object] = field(default_factory=dict)


def show(outputs: list[Output], shown: Shown | None = None) -> None:
    """Show outputs in a notebook's cell.

    Parameters
    ----------
    outputs : list of Output
        What is shown.
    shown : Shown, optional
        By which call, where another language can show it.
    """
    for place, output in enumerate(outputs):
        data, metadata = output
        if place == 0 and shown is not None and KEEP in os.environ:
            # Charts are closures, which the standard library does not pickle.
            data = data | {SHOWN: base64.b64encode(cloudpickle.dumps(shown)).decode()}
            metadata = metadata | {COUNT: len(outputs)}
        display(data, raw=True, metadata=metadata)


def take_shown(notebook, again: Callable[[Shown], list[Output]] | None = None) -> None:
    """Take out of an executed notebook what was kept with its outputs.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The notebook; it is changed.
    again : callable, optional
        Lays out what was shown anew, in the place of its outputs; these stay where it is left out.
    """
    for cell in notebook.cells:
        outputs, passed = [], 0
        for output in cell.get("outputs", []):
            kept = output.get("data", {}).pop(SHOWN, None)
            count = output.get("metadata", {}).pop(COUNT, None)
            if kept is not None and again is not None:
                outputs += [
                    nbformat.v4.new_output("display_data", data=data, metadata=metadata)
                    for data, metadata in again(read_shown(kept))
                ]
                passed = count
            if passed:
                passed -= 1
            else:
                outputs.append(output)
        if "outputs" in cell:
            cell.outputs = outputs


def read_shown(kept: str) -> Shown:
    """Read what was kept with an output.

    Parameters
    ----------
    kept : str
        What the output has of the type `SHOWN`: from a notebook that this build has executed itself.

    Returns
    -------
    Shown
        The call.
    """
    return cloudpickle.loads(base64.b64decode(kept))
