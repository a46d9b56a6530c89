"""Builds a cycle's report at every save, from a process that stays warm, and reloads the page in the browser."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path

import watchfiles
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, StaticFileHandler

from cluster_eval.build.cache import PACKAGE
from cluster_eval.build.plan import open_build
from cluster_eval.build.run import build_report
from cluster_eval.build.workers import Workers
from cluster_eval.problems import BuildError, ReportError
from cluster_eval.templates import open_template

WATCHED = ("params", "data", "notebooks", "book", "requirements.lock")
EVENTS = "/-/events"


class _Pages(StaticFileHandler):
    """Serves the pages as they are published, with a script that waits for the next."""

    def set_extra_headers(self, path):
        self.set_header("Cache-Control", "no-store")

    @classmethod
    def get_content(cls, abspath, start=None, end=None):
        content = b"".join(StaticFileHandler.get_content(abspath, start, end))
        if abspath.endswith(".html"):
            content = content.replace(
                b"</body>", open_template("watch.html").render(events=EVENTS).encode() + b"</body>"
            )
        return content

    def get_content_size(self):
        return len(self.get_content(self.absolute_path))

    def compute_etag(self):
        return None


class _Events(RequestHandler):
    """Tells each open page when the next build is there."""

    def initialize(self, waiting):
        self._waiting = waiting

    async def get(self):
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        queue = asyncio.Queue()
        self._waiting.add(queue)
        try:
            await self.flush()
            while True:
                self.write(f"data: {json.dumps(await queue.get())}\n\n")
                await self.flush()
        except StreamClosedError:
            pass
        finally:
            self._waiting.discard(queue)


class _Server:
    """A web server for this machine alone, in a thread of its own."""

    def __init__(self, folder: Path, port: int):
        self._waiting: set[asyncio.Queue] = set()
        self._loop = asyncio.new_event_loop()
        [socket, *_] = bind_sockets(port, "127.0.0.1")
        self.port = socket.getsockname()[1]
        pages = {"path": str(folder), "default_filename": "index.html"}
        handlers = [(EVENTS, _Events, {"waiting": self._waiting}), (r"/(.*)", _Pages, pages)]
        application = Application()
        # A page of another host that gives its name this machine's address would otherwise read the responses.
        application.add_handlers(r"(127\.0\.0\.1|localhost)", handlers)

        async def serve():
            HTTPServer(application).add_sockets([socket])
            await asyncio.Event().wait()

        threading.Thread(target=lambda: self._loop.run_until_complete(serve()), daemon=True).start()

    def tell(self, failure: str | None) -> None:
        """Tell all open pages of a build."""
        for queue in list(self._waiting):
            self._loop.call_soon_threadsafe(queue.put_nowait, {"failure": failure})


def watch_cycle(root: Path, cycle: str, tell: Callable[[str], None], engine: str, timeout: int, port: int) -> None:
    """Build a cycle's report at every save until stopped.

    Parameters
    ----------
    root : Path
        The repository's root.
    cycle : str
        The cycle.
    tell : callable
        Called with each line of progress.
    engine, timeout
        As for `cluster_eval.build.run.build_report`.
    port : int
        On which this machine's browser finds the book; 0 for any that is free.

    Raises
    ------
    BuildError
        When the port is taken.
    """
    opened = open_build(root, cycle)
    folder = opened.published / "html"
    try:
        server = _Server(folder, port)
    except OSError as error:
        raise BuildError(f"port {port} cannot be used ({error.strerror}); choose another with PORT=") from None
    with Workers(root, opened.work / "workers.log", warm=True) as workers:

        def build():
            failure = None
            try:
                build_report(root, cycle, tell, engine=engine, timeout=timeout, warm=workers, formats=False)
            except (ReportError, OSError) as error:
                failure = str(error)
                tell(failure)
            server.tell(failure)

        paths = [root / part for part in WATCHED] + [PACKAGE]
        # The first comes when the files are being watched, before anything was saved: what is saved during the first
        # build is noticed, too.
        changes = watchfiles.watch(
            *paths, debounce=400, step=40, rust_timeout=100, yield_on_timeout=True, raise_interrupt=True
        )
        next(changes)
        build()
        tell(f"watching; the book is at http://127.0.0.1:{server.port}/ - stop with Ctrl-C")
        for changed in changes:
            if changed:
                build()
