"""A Papermill engine that runs the cells in an IPython shell of this very process.

Starting a Jupyter kernel costs more than a second per notebook. Here the cells run in an ``InteractiveShell`` of a
process forked for this one notebook (``workers``), and outputs are recorded as a kernel sends them: streams, displays
and results in order, with their mime bundles. A test compares it with a real kernel.

Not captured: what C code writes straight to the file descriptors. Not supported: widgets.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets import Any as AnyTrait
from traitlets.config import Config

NAME = "analytics"
Node = nbformat.NotebookNode
# The libraries have no types; these names say what comes back.
new_output: Callable[..., Node] = nbformat.v4.new_output
from_dict: Callable[[dict[str, Any]], Node] = nbformat.from_dict
_clean: Callable[[Any], dict[str, Any]] = json_clean
_encode: Callable[[dict[str, Any]], dict[str, Any]] = encode_images


def _bundle(data: dict[str, Any]) -> dict[str, Any]:
    """A mime bundle as a kernel sends it: images as base64, everything JSON."""
    return _clean(_encode(dict(data)))


class Recorder:
    """Collects the outputs of the cell that runs now."""

    def __init__(self) -> None:
        self.outputs: list[Node] = []
        self._displays: dict[str, list[Node]] = {}
        self._clear_at_next = False

    def start(self, cell: Node) -> None:
        cell.outputs = self.outputs = []
        self._clear_at_next = False

    def add(self, output: Node, display_id: str | None = None) -> None:
        self._clear_if_asked()
        self.outputs.append(output)
        if display_id is not None:
            self._displays.setdefault(display_id, []).append(output)

    def write(self, name: str, text: str) -> None:
        self._clear_if_asked()
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.outputs.append(new_output("stream", name=name, text=text))

    def update(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        for output in self._displays.get(display_id, []):
            output.data = from_dict(data)
            output.metadata = from_dict(metadata)

    def clear(self, *, wait: bool) -> None:
        if wait:
            self._clear_at_next = True
        else:
            self.outputs.clear()

    def _clear_if_asked(self) -> None:
        if self._clear_at_next:
            self._clear_at_next = False
            self.outputs.clear()


class _Stream:
    """Stands in for ``sys.stdout`` or ``sys.stderr`` while a cell runs."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder = recorder
        self.name = f"<{name}>"
        self._kind = name

    def write(self, text: str) -> int:
        if text:
            self._recorder.write(self._kind, text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    recorder = AnyTrait()

    def publish(  # type: ignore[override] # without the deprecated source
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        bundle = _bundle(data)
        display_id = (transient or {}).get("display_id")
        if update:
            self.recorder.update(display_id, bundle, metadata or {})
            return
        self.recorder.add(new_output("display_data", data=bundle, metadata=metadata or {}), display_id)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        self.recorder.clear(wait=wait)


class _DisplayHook(DisplayHook):
    recorder = AnyTrait()

    def start_displayhook(self) -> None:
        """The output is recorded when its data are known."""

    def write_output_prompt(self) -> None:
        """The prompt is the output's execution count."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        data = _bundle(format_dict)
        self.recorder.add(
            new_output("execute_result", data=data, metadata=md_dict or {}, execution_count=self.prompt_count)
        )

    def finish_displayhook(self) -> None:
        """Nothing is held back."""


class NotebookShell(InteractiveShell):
    """An IPython shell without history, profile or terminal; errors become outputs."""

    recorder = AnyTrait()

    def init_display_pub(self) -> None:
        make_publisher: Callable[..., Any] = _Publisher
        self.display_pub = make_publisher(parent=self, shell=self, recorder=self.recorder)
        self.configurables.append(self.display_pub)  # type: ignore[arg-type] # typed too narrowly

    def init_displayhook(self) -> None:
        make_hook: Callable[..., Any] = _DisplayHook
        self.displayhook = make_hook(parent=self, shell=self, cache_size=self.cache_size, recorder=self.recorder)
        self.configurables.append(self.displayhook)  # type: ignore[arg-type]
        super_trap = sys.modules["IPython.core.display_trap"].DisplayTrap
        self.display_trap = super_trap(hook=self.displayhook)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.recorder.add(new_output("error", ename=str(etype.__name__), evalue=str(evalue), traceback=list(stb)))


def _no_input(*_: Any, **__: Any) -> str:
    raise StdinNotImplementedError("a report notebook cannot ask for input")


@contextmanager
def _shell(recorder: Recorder) -> Iterator[NotebookShell]:
    """A fresh shell; the interpreter's own streams, hooks and main module come back afterwards."""
    config = Config()
    config.HistoryManager.enabled = False
    saved_main = sys.modules["__main__"]
    saved = (sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, builtins.input)
    NotebookShell.clear_instance()
    shell = NotebookShell.instance(config=config, recorder=recorder)
    sys.stdout, sys.stderr = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
    builtins.input = _no_input
    try:
        yield shell
    finally:
        sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, builtins.input = saved
        sys.modules["__main__"] = saved_main
        NotebookShell.clear_instance()


class InProcessEngine(Engine):  # type: ignore[misc]
    """Runs a notebook in this process. Registered with Papermill as ``analytics``."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003 - Papermill's signature
        *,
        on_cell: Callable[[int, int], None] | None = None,
        namespace: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Run all cells in order; stop at the first error.

        ``on_cell`` is told the number of each cell before it runs and how many there are; ``namespace``, if given,
        receives the variables that the notebook left behind.
        """
        recorder = Recorder()
        total = len(nb_man.nb.cells)
        with _shell(recorder) as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if on_cell is not None:
                    on_cell(index, total)
                nb_man.cell_start(cell, index)
                try:
                    failed = _run_cell(shell, recorder, cell)
                    if failed:
                        nb_man.cell_exception(cell, cell_index=index)
                        break
                finally:
                    nb_man.cell_complete(cell, cell_index=index)
            if namespace is not None:
                namespace.update(shell.user_ns)


def _run_cell(shell: NotebookShell, recorder: Recorder, cell: Node) -> bool:
    """Run one cell; True if it failed and the notebook must stop."""
    tags = cell.metadata.get("tags", [])
    if cell.cell_type != "code" or not cell.source.strip() or "skip-execution" in tags:
        return False
    recorder.start(cell)
    cell.execution_count = shell.execution_count
    run_cell: Callable[..., Any] = shell.run_cell
    result = run_cell(cell.source, store_history=True)
    return not result.success and "raises-exception" not in tags


def register() -> None:
    """Make the engine known to Papermill under ``NAME``."""
    papermill_engines.register(NAME, InProcessEngine)
