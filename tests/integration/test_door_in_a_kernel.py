"""The door in a real Jupyter kernel, as JupyterLab talks to it: completion, help, boxes for errors, and what is shown."""

import sys

import pytest
from jupyter_client.manager import KernelManager
from small_region import SmallRegion

TIME_LIMIT = 60


class Kernel:
    """A kernel of this very interpreter."""

    def __init__(self, folder):
        self.manager = KernelManager()
        self.manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIME_LIMIT)

    def run(self, code):
        """The reply, and what was shown: (message type, content)."""
        shown = []
        reply = self.client.execute_interactive(
            code,
            timeout=TIME_LIMIT,
            output_hook=lambda message: shown.append((message["msg_type"], message["content"])),
        )
        return reply["content"], [each for each in shown if each[0] not in ("status", "execute_input")]

    def complete(self, code):
        return self.client.complete(code, reply=True, timeout=TIME_LIMIT)["content"]["matches"]

    def help(self, code):
        return self.client.inspect(code, reply=True, timeout=TIME_LIMIT)["content"]["data"]["text/plain"]

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    small = SmallRegion(tmp_path_factory.mktemp("kernel") / "region")
    small.write()
    small.load()
    started = Kernel(small.root)
    yield started
    started.stop()


def test_an_analyst_is_helped_from_the_first_cell(kernel):
    reply, shown = kernel.run("import analytics\nwb = analytics.open(period='201803', unit='17')")
    assert reply["status"] == "error"
    [(kind, content)] = shown
    assert kind == "display_data"
    assert "Did you mean" in content["data"]["text/plain"]
    assert "Traceback" not in str(content)

    reply, shown = kernel.run("wb = analytics.open(period='2018-03', unit='17')")
    assert (reply["status"], shown) == ("ok", [])

    assert any(found.endswith("worked_fte") for found in kernel.complete("wb.worked"))
    assert any(found.endswith("absence_fte") for found in kernel.complete("wb.staff."))
    assert any(found.endswith("ledger") for found in kernel.complete("wb.data."))
    assert "171" in "".join(kernel.complete("wb.children['"))
    assert "002:390-405" in kernel.help("wb.staff.worked_fte")

    reply, shown = kernel.run("wb.range('month').economy.fr1_outcome")
    assert "Oskyddade uppgifter" in shown[0][1]["data"]["text/html"]
    assert "900" in shown[0][1]["data"]["text/html"]

    reply, shown = kernel.run("wb.workd_fte")
    assert reply["status"] == "error"
    assert "worked_fte" in shown[0][1]["data"]["text/html"]

    # The ledger of January is not loaded: what is shown is the box, not a trace.
    reply, shown = kernel.run("wb.economy.fr1_outcome")
    told = "\n".join(str(content) for _, content in shown)
    assert "2018-01, 2018-02" in told
    assert "Traceback" not in told
