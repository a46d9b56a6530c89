"""What a run tells: to the analyst line by line, and to programs in a log."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

CLEAR = "\r\x1b[K"


class Progress:
    """Tells of a run, with the seconds since it began.

    Parameters
    ----------
    tell : callable
        Called with each line.
    log : Path
        The file that takes one JSON object per event: `event`, `seconds` since the run began, and what belongs to it.
        It holds the last run.
    """

    def __init__(self, tell: Callable[[str], None], log: Path):
        self._tell, self._start = tell, time.monotonic()
        self._live = sys.stdout.isatty()
        self._shown = False
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("w", encoding="utf-8", buffering=1)

    def tell(self, line: str, event: str, **about: object) -> None:
        """Tell a line, and log it as an event with what belongs to it."""
        self._hide()
        self._tell(f"[{time.monotonic() - self._start:5.1f} s] {line}")
        self.log(event, **about)

    def log(self, event: str, **about: object) -> None:
        """Log an event that is told elsewhere."""
        seconds = round(time.monotonic() - self._start, 3)
        self._log.write(json.dumps({"event": event, "seconds": seconds, **about}, ensure_ascii=False) + "\n")

    def show(self, running: Iterable[tuple[str, float, float | None]]) -> None:
        """Show in a terminal what is under way, in a line that the next one takes the place of.

        Parameters
        ----------
        running : iterable of tuple
            What it is, since how many seconds, and how many it took last time.
        """
        if not self._live:
            return
        parts = [
            f"{name} {seconds:.0f} s" + ("" if expected is None else f" of about {expected:.0f}")
            for name, seconds, expected in running
        ]
        width = os.get_terminal_size().columns - 1
        sys.stdout.write(CLEAR + f"          {', '.join(parts)}"[:width])
        sys.stdout.flush()
        self._shown = True

    def close(self) -> None:
        """End the log."""
        self._hide()
        self._log.close()

    def _hide(self):
        if self._shown:
            sys.stdout.write(CLEAR)
            sys.stdout.flush()
            self._shown = False
