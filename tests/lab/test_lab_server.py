"""The server behind ``analytics lab``: who reaches it, what sets it up, and that nothing of it stays."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from opened_lab import Lab, started
from region_project import Region, new_project

pytestmark = pytest.mark.xdist_group("lab")


def ask(lab: Lab, path: str, *, token: str | None, body: dict[str, object] | None = None) -> object:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{lab.base}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"token {token}"} if token else {},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
        return json.loads(answer.read() or "null")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A project without data: the server needs none."""
    return new_project(tmp_path_factory.mktemp("lab_server") / "project")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which a user has opened Jupyter to the whole network without a token."""
    home = tmp_path_factory.mktemp("home")
    config = home / ".jupyter"
    config.mkdir()
    settings = "c.ServerApp.ip = '0.0.0.0'\nc.IdentityProvider.token = ''\nc.ServerApp.port = 8999\n"
    (config / "jupyter_server_config.py").write_text(settings, encoding="utf-8")
    (config / "jupyter_lab_config.py").write_text(settings, encoding="utf-8")
    kernels = home / "data" / "kernels" / "other"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text(
        json.dumps({"argv": ["python3"], "display_name": "Annan", "language": "python"}), encoding="utf-8"
    )
    return {
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTER_PATH": str(home / "data"),
        "JUPYTER_TOKEN": "",
        "JUPYTER_IP": "0.0.0.0",  # noqa: S104 - what must not happen
    }


def listening(pid: int) -> set[str]:
    """Local addresses, as the kernel writes them, at which a process listens over TCP."""
    sockets = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                found.add(fields[1].partition(":")[0])
    return found


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_it_listens_on_this_machine_alone_with_a_token_and_leaves_no_kernel(project, hostile, tmp_path, stop):
    with started(project, tmp_path, environment=hostile) as lab:
        assert lab.token
        assert listening(lab.process.pid) == {"0100007F"}
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(lab, "/api/contents", token=None)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask(lab, "/api/contents", token="guessed")
        specs = ask(lab, "/api/kernelspecs", token=lab.token)
        assert set(specs["kernelspecs"]) == {"analytics"}
        assert specs["default"] == "analytics"
        ask(lab, "/api/kernels", token=lab.token, body={"name": "analytics"})
        kernels = children(lab.process.pid)
        assert kernels
        assert all(listening(kernel) == set() for kernel in kernels)
        lab.process.send_signal(stop)
        assert lab.process.wait() == 0
        assert not any(Path(f"/proc/{kernel}").exists() for kernel in kernels)
        assert lab.connections == ""


def test_a_taken_port_is_said_before_anything_starts(project, lab_port_holder):
    done = project.analytics("lab", "--no-browser", "--port", str(lab_port_holder), check=False)
    assert done.returncode == 2
    assert f"port {lab_port_holder} is taken" in done.stderr


@pytest.fixture
def lab_port_holder():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]
