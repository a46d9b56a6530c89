"""How `make lab` saves notebooks: as they are committed, without what running them leaves behind."""


def leave_out_what_was_run(model, path, **_):
    """Take out of a section that is about to be saved what running it put in; it stays on the screen."""
    if model["type"] != "notebook" or not path.strip("/").startswith("notebooks/"):
        return
    notebook = model["content"]
    # What an editor adds here names its version of Python, and would differ from one analyst to the next.
    notebook["metadata"]["language_info"] = {"name": "python"}
    for cell in notebook["cells"]:
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "tags"}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}


c = get_config()  # noqa: F821
c.FileContentsManager.pre_save_hook = leave_out_what_was_run
