"""JupyterLab with the network off: every test that opens a notebook runs where there is nothing but loopback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from network_off import require

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]
REACHING_OUT = """
import socket
try:
    socket.create_connection(("192.0.2.1", 443))
except OSError as error:
    print(error.strerror)
"""


@pytest.fixture(autouse=True)
def network(lab_network):
    require(lab_network)
    return lab_network


def descendants(process):
    found = {process}
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text(encoding="utf-8").split():
            found |= descendants(int(child))
    return found


def test_nothing_but_loopback_can_be_reached(network):
    interfaces = Path(f"/proc/{network.holder}/net/dev").read_text(encoding="utf-8").splitlines()[2:]
    assert [line.partition(":")[0].strip() for line in interfaces] == ["lo"]
    tried = subprocess.run(
        network.command(sys.executable, "-c", REACHING_OUT), capture_output=True, text=True, check=True
    )
    assert tried.stdout.strip() == "Network is unreachable"


def test_server_kernels_and_browser_run_a_notebook_there(network, analyst, lab):
    opened = analyst.open("notebooks/explore/start.ipynb")
    opened.run_all()
    server = descendants(lab.process.pid)
    assert len(server) > 1, "there is no kernel"
    answer = analyst.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    browser = {int(process["id"]) for process in answer["processInfo"] if process["type"] == "browser"}
    assert browser
    assert all(network.holds(process) for process in server | browser)
    opened.check()
