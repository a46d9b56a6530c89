"""A Papermill engine that runs a notebook's cells in its own process, in the shell that a kernel has.

An ordinary kernel is a process that each notebook starts, that imports everything anew and is spoken to over sockets.
Here the process comes forked from one that has the heavy imports, and there is nothing left to start.
"""

import contextlib
import faulthandler
import os
import signal
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import matplotlib
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import OutStream
from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

NAME = "in-process"
GRACE = 5
"""Seconds that a cell past its time has to end by itself, before its process is ended."""

# No history: what an analyst types in a notebook of theirs is not mixed with what a report runs.
SHELL = Config(HistoryManager={"enabled": False})


class CellTimeout(BaseException):
    """A cell took longer than it may. Not an Exception, which a cell might catch and go on."""


class NotebookLeft(Exception):
    """A cell asked for the notebook to be left, as `exit` does."""


class InProcessEngine(Engine):
    """Executes a notebook in this process, which should execute no other."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name: str,
        execution_timeout: int | None = None,
        on_cell_start: Callable | None = None,
        **kwargs,
    ) -> None:
        """Execute the cells in order, up to one that fails.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            Holds the notebook, and is told of each cell.
        kernel_name : str
            Not looked at: the shell is this process's.
        execution_timeout : int, optional
            Seconds that a cell may take; without limit where left out.
        on_cell_start : callable, optional
            Called with `cell` and `cell_index` when a cell starts.
        **kwargs
            What Papermill tells every engine.
        """
        manager = InProcessKernelManager(config=SHELL)
        manager.kernel = _Kernel(parent=manager, session=manager.session)
        errors = os.dup(2)
        # An ordinary kernel takes what programs say that a cell starts, too.
        for name in ("stdout", "stderr"):
            setattr(manager.kernel, name, OutStream(manager.session, manager.kernel.iopub_thread, name))
        # Matplotlib, imported before there was a shell, has to be told; by `use` it would load the backend before it
        # takes it, and then no figure is ever shown.
        matplotlib.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
        client = _Client(nb_man, km=manager, timeout=execution_timeout, record_timing=False)
        client.errors = errors
        if on_cell_start is not None:
            client.on_cell_start = on_cell_start
        client.reset_execution_trackers()
        client.kc = manager.client()
        client.kc.start_channels()
        client.papermill_execute_cells()
        client.nb.metadata["language_info"] = manager.kernel.language_info


class _Kernel(InProcessKernel):
    """An in-process kernel in which a cell may `await`: there ipykernel asks for a thread that only others have."""

    shell_channel_thread = SimpleNamespace(parent_thread=None)
    _supports_kernel_subshells = False


class _Client(PapermillNotebookClient):
    """nbclient's keeping of outputs, with a kernel that is done when `execute` returns."""

    errors = 2
    """Where to say that the process has to be ended."""

    def execute_cell(self, cell, cell_index):
        if self.on_cell_start:
            self.on_cell_start(cell=cell, cell_index=cell_index)
        if cell.cell_type != "code" or not cell.source.strip():
            return
        cell.outputs = []
        self.clear_before_next_output = False
        with _limit_time(self.timeout, self.errors):
            self.kc.execute(cell.source, allow_stdin=False)
        while not _is_idle(message := self.kc.get_iopub_msg()):
            self.process_message(message, cell, cell_index)
        reply = self.kc.get_shell_msg()["content"]
        if reply["status"] == "error":
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        if any(asked["source"] == "ask_exit" for asked in reply.get("payload", ())):
            # A kernel of its own would end here, and the page would lack what comes after.
            raise NotebookLeft("the cell ends the notebook")


def _is_idle(message):
    return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"


@contextlib.contextmanager
def _limit_time(seconds: int | None, errors: int) -> Iterator[None]:
    """Raise in a cell past its time; end the process of one that does not let itself be interrupted."""
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(number, frame):
        raise CellTimeout(f"the cell took longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=errors)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


papermill_engines.register(NAME, InProcessEngine)
