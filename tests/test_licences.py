"""Who passes the whole on reads in NOTICE which libraries ask for more than to be named."""

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.conftest import ROOT

ASKS = re.compile(r"GPL|GNU|MPL|Mozilla|EUPL|Eclipse|CDDL", re.IGNORECASE)


def test_each_library_that_asks_for_more_is_named():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    locked = re.findall(
        r"^([\w.-]+)(?:\[.*\])?==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
    asking = []
    for name in locked:
        try:
            about = metadata(name)
        except PackageNotFoundError:
            # For another system than this one.
            continue
        told = [about.get("License-Expression") or (about.get("License") or "")[:100], *about.get_all("Classifier", [])]
        if any(ASKS.search(each) for each in told if each == told[0] or each.startswith("License")):
            asking.append(name)
    assert {"pingouin", "krippendorff"} <= set(asking)
    assert [name for name in asking if not re.search(rf"\b{re.escape(name)}\b", notice)] == []
