"""Packages by a real scheduler and workers on loopback: the same as by this machine, whatever dies."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import dask
import pytest
import trustme
from cluster import BIN, Cluster, Process, wait_until
from made_packages import faults, tree
from many_project import MONTHS, UNITS, make_many

from analytics import leases
from analytics.cli import machines
from analytics.errors import MachineError, SettingsError, UsageError
from analytics.fanout import Order, on_this_machine
from analytics.fanout.machines import Machines
from analytics.leases import Heart, Lease
from analytics.periods import Period
from analytics.reports import ledger
from analytics.reports.limits import Limits
from analytics.reports.results import ReportResult, RunReport
from analytics.schedule.clock import Clock
from analytics.schedule.looking import Project
from analytics.schedule.tick import Means, tick
from analytics.settings import Settings

NOW = datetime(2018, 4, 20, 8, 30, tzinfo=UTC)


def order(settings: Settings, month: str = "2018-03", units: tuple[str, ...] = ("17",), **changes: object) -> Order:
    asked = Order(
        settings=settings,
        period=Period.parse(month),
        units=units,
        audience="public",
        now=NOW,
        code_version="1 (abc)",
        limits=Limits(120),
        jobs=2,
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def without_times(reports: Path) -> dict[str, object]:
    """Every file of every package, page and address; manifests without how long the notebooks took."""
    found: dict[str, object] = {}
    for name, content in tree(reports).items():
        top = name.split("/")[0]
        if top in (".work", ".cache", ".ledger", ".leases"):
            continue
        if not name.endswith("manifest.json"):
            found[name] = content
            continue
        record = json.loads(content)
        for report in record["reports"]:
            assert report.pop("seconds") > 0
            assert report.pop("cpu_seconds") > 0
        found[name] = record
    return found


def test_forty_packages_with_a_worker_killed_in_the_middle_are_those_of_the_local_run(
    many: Settings, tmp_path: Path, vega_cache: Path
):
    alone = make_many(tmp_path / "alone" / "project", vega_cache)
    for month in MONTHS:
        on_this_machine(order(alone, month, UNITS)).raise_if_failed()

    heard: list[ReportResult] = []
    made: list[RunReport] = []
    with Cluster(tmp_path / "cluster") as cluster:
        victim, other = cluster.worker(many.root), cluster.worker(many.root)

        killer = Thread(target=kill_within_a_step, args=(victim,))
        killer.start()
        maker = Machines(cluster.address)
        for month in MONTHS:
            made.append(maker(order(many, month, UNITS, hear=heard.append)))
            made[-1].raise_if_failed()
        killer.join()

    assert victim.process.returncode == -signal.SIGKILL
    lost = set(victim.begun) - set(victim.ended)
    assert len(lost) == 1
    # What the killed worker was at was begun once more, by the other, and so may be what it had made but not yet told;
    # the one version of each package below says that nothing was published twice.
    again = Counter([*victim.begun, *other.begun])
    again.subtract(f"{month}/{unit}" for month in MONTHS for unit in UNITS)
    assert set(again.values()) <= {0, 1}
    assert lost <= {step for step, times in again.items() if times} <= set(victim.begun)
    assert lost <= set(other.ended)
    assert [len(run.packages) for run in made] == [len(UNITS)] * len(MONTHS)
    assert len(heard) == 2 * len(UNITS) * len(MONTHS)

    assert without_times(many.paths.reports) == without_times(alone.paths.reports)
    folders = [many.paths.reports / month / unit for month in MONTHS for unit in UNITS]
    assert [(folder, faults(folder)) for folder in folders if faults(folder)] == []
    entries = [ledger.read(ledger.file_of(many.paths.reports, folder)) for folder in folders]
    assert [list(each) for each in entries] == [[1]] * 40
    assert {path.name for path in (many.paths.reports / ".work").iterdir()} == {"portal.lock", "publish.lock"}


def kill_within_a_step(worker: Process) -> None:
    """Its tenth: in the third or fourth of eight months."""
    wait_until(lambda: len(worker.begun) >= 10 and len(worker.begun) > len(worker.ended), "a step of the worker")
    worker.stop(signal.SIGKILL)


def test_failures_are_told_as_by_the_local_run_and_hinder_no_other_unit(many: Settings, tmp_path: Path):
    notebook = many.paths.notebooks / "ekonomi.ipynb"
    broken = json.loads(notebook.read_text())
    broken["cells"][-1]["source"] += '\nassert unit != "17", "told of a person"'
    notebook.write_text(json.dumps(broken))
    heard: list[ReportResult] = []

    with Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(many.root)
        far = Machines(cluster.address)(order(many, units=("17", "10"), hear=heard.append))
        said = cluster.scheduler.said
    near = on_this_machine(order(many, units=("17", "10")))

    (failure,), (expected,) = far.failures, near.failures
    assert (failure.unit, failure.report, failure.problem, failure.cause, failure.failed_copy) == (
        expected.unit,
        expected.report,
        expected.problem,
        expected.cause,
        expected.failed_copy,
    )
    assert failure.failed_copy
    assert failure.failed_copy.exists()
    assert far.packages == (many.paths.reports / "2018-03/10",)
    assert sorted(heard, key=str) == sorted(far.reports, key=str)
    assert "told of a person" not in said


def test_a_run_again_skips_what_is_published_unless_it_is_asked_for(many: Settings, tmp_path: Path):
    folder = many.paths.reports / "2018-03/17"
    later = NOW.replace(hour=9)
    with Cluster(tmp_path / "cluster") as cluster:
        worker = cluster.worker(many.root)
        maker = Machines(cluster.address)
        assert maker(order(many)).packages == (folder,)
        before = tree(folder)
        assert maker(order(many, leave="published", now=later)).skipped == (folder,)
        assert maker(order(many, now=later)).unchanged == (folder,)
    assert tree(folder) == before
    assert worker.ended == ["2018-03/17"] * 3


def test_a_lease_that_was_lost_lets_nothing_be_published(many: Settings, tmp_path: Path):
    place = many.paths.reports / leases.FOLDER / "2018-03-17"
    with Heart(seconds=60) as heart, Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(many.root)
        taken = leases.acquire(place, seconds=60)
        assert isinstance(taken, Lease)
        heart.keep(taken)
        maker = Machines(cluster.address)
        published = maker(order(many, "2018-02", tickets={"17": taken.ticket}))
        for file in place.iterdir():
            file.unlink()
        refused = maker(order(many, "2018-03", tickets={"17": taken.ticket}))

    published.raise_if_failed()
    assert [(failure.report, failure.cause) for failure in refused.failures] == [("paket", "LeaseLostError")]
    assert not (many.paths.reports / "2018-03").exists()


def test_an_address_where_nobody_answers(many: Settings):
    with pytest.raises(MachineError, match=r"the scheduler tcp://127\.0\.0\.1:9 cannot be reached"):
        Machines("tcp://127.0.0.1:9")(order(many))


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://h:eighty"])
def test_what_is_no_address(many: Settings, address: str):
    with pytest.raises(UsageError, match="is no address of a scheduler"):
        Machines(address)(order(many))


def test_plain_tcp_to_another_machine_is_refused_unless_the_settings_allow_it(many: Settings):
    with pytest.raises(SettingsError, match="whoever reaches it can run code where the data are"):
        Machines("tcp://192.0.2.1:8786")(order(many))


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "analytics.fanout.machines")
    with pytest.raises(UsageError, match="Dask is not installed") as refused:
        machines.maker("tcp://127.0.0.1:8786")
    assert "analytics[dask]" in refused.value.action


def test_a_scheduler_without_workers(many: Settings, tmp_path: Path):
    with Cluster(tmp_path / "cluster") as cluster, pytest.raises(MachineError, match="has no workers"):
        Machines(cluster.address, patience=1)(order(many))


def test_workers_of_another_version_take_no_part(many: Settings, tmp_path: Path):
    other = tmp_path / "other" / "analytics"
    source = Path(machines.__file__).parents[1]
    other.mkdir(parents=True)
    for file in source.iterdir():
        if file.name not in ("__init__.py", "__pycache__"):
            (other / file.name).symlink_to(file)
    (other / "__init__.py").write_text((source / "__init__.py").read_text() + "# another version\n")
    told: list[str] = []

    with Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(many.root, environment={"PYTHONPATH": str(other.parent)})
        with pytest.raises(MachineError, match=r"no worker .* can take part:\n  tcp://\S+ has other code than the run"):
            Machines(cluster.address, told.append)(order(many))
        # Beside one that fits, it is told of and left out.
        fits = cluster.worker(many.root)
        Machines(cluster.address, told.append)(order(many)).raise_if_failed()

    assert len(told) == 2
    assert all("takes no part: it has other code than the run" in each for each in told)
    assert fits.ended == ["2018-03/17"]


def test_a_worker_of_another_project_takes_no_part(many: Settings, tmp_path: Path, vega_cache: Path):
    elsewhere = make_many(tmp_path / "elsewhere" / "project", vega_cache)
    with Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(elsewhere.root)
        with pytest.raises(MachineError, match=rf"serves {re.escape(str(elsewhere.root))}, and the run is for"):
            Machines(cluster.address)(order(many))
    assert not (elsewhere.paths.reports / "2018-03").exists()


def test_a_scheduler_of_another_version_is_refused(many: Settings, tmp_path: Path):
    bare = tmp_path / "bare" / "analytics"
    bare.mkdir(parents=True)
    (bare / "__init__.py").write_text('__version__ = "0"\n')
    environment = {"PYTHONPATH": str(bare.parent)}
    with (
        Cluster(tmp_path / "cluster", scheduler_environment=environment) as cluster,
        pytest.raises(MachineError, match="runs another version of analytics"),
    ):
        Machines(cluster.address)(order(many))


@pytest.mark.parametrize("closed", [False, True], ids=["found out at the next look", "Dask has given up"])
def test_a_scheduler_that_goes_away(many: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, closed: bool):
    heard: list[ReportResult] = []
    with Cluster(tmp_path / "cluster", environment={"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}) as cluster:
        worker = cluster.worker(many.root)

        def hear(result: ReportResult) -> None:
            heard.append(result)
            if len(heard) == 1:
                cluster.scheduler.stop(signal.SIGKILL)
                if closed:
                    wait_until(lambda: "closing client" in caplog.text, "the end of reconnecting")

        result = Machines(cluster.address, patience=5)(order(many, units=("10", "17", "18"), hear=hear))
        assert worker.process.wait(120) == MachineError.exit_code

    assert "went away" in worker.said
    published = {folder.name for folder in result.packages}
    assert published
    assert {failure.unit for failure in result.failures} == {"10", "17", "18"} - published
    assert {failure.cause for failure in result.failures} == {"MachineError"}
    assert all("What to do" in failure.problem for failure in result.failures)


def test_a_worker_that_is_told_to_stop_stops(many: Settings, tmp_path: Path):
    with Cluster(tmp_path / "cluster") as cluster:
        assert cluster.worker(many.root).stop(signal.SIGTERM) == 0


def test_a_worker_without_a_scheduler(many: Settings, tmp_path: Path):
    with Cluster(tmp_path / "cluster") as cluster:
        cluster.scheduler.stop(signal.SIGKILL)
        worker = cluster.worker(many.root, "--wait", "1", joins=False)
        assert worker.process.wait(120) == MachineError.exit_code
    assert f"the scheduler {cluster.address} cannot be reached" in worker.said


def test_with_tls_only_who_has_a_certificate_is_let_in(many: Settings, tmp_path: Path):
    authority = trustme.CA()
    node = authority.issue_cert("127.0.0.1")
    files = {name: tmp_path / f"{name}.pem" for name in ("ca", "cert", "key")}
    authority.cert_pem.write_to_path(files["ca"])
    node.cert_chain_pems[0].write_to_path(files["cert"])
    node.private_key_pem.write_to_path(files["key"])
    pair = {"cert": str(files["cert"]), "key": str(files["key"])}
    configuration = tmp_path / "dask" / "distributed.yaml"
    configuration.parent.mkdir()
    tls = {"ca-file": str(files["ca"]), "scheduler": pair, "worker": pair, "client": pair}
    told = {"distributed": {"comm": {"require-encryption": True, "tls": tls}}}
    configuration.write_text(json.dumps(told))

    with Cluster(tmp_path / "cluster", "tls", {"DASK_CONFIG": str(configuration)}) as cluster:
        worker = cluster.worker(many.root)
        here = {f"distributed.comm.tls.client.{name}": file for name, file in pair.items()}
        with dask.config.set({"distributed.comm.tls.ca-file": str(files["ca"]), **here}):
            Machines(cluster.address)(order(many)).raise_if_failed()
        with pytest.raises(MachineError, match="cannot be reached"):
            Machines(cluster.address)(order(many))
        plain = cluster.address.replace("tls:", "tcp:")
        with pytest.raises(MachineError, match="cannot be reached"):
            Machines(plain)(order(many))
    assert worker.ended == ["2018-03/17"]


def test_the_schedule_makes_what_is_due_by_machines(many: Settings, tmp_path: Path):
    january = datetime(2018, 3, 1, 12, tzinfo=UTC)
    with Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(many.root)
        means = Means(secret_file=tmp_path / "key", maker=Machines(cluster.address))
        first = tick(Project(many, "1 (abc)"), Clock(january), means)
        again = tick(Project(many, "1 (abc)"), Clock(january), means)

    assert {(made.outcome, made.problem) for made in first.made} == {("published", "")}
    assert len(first.made) >= len(UNITS)
    assert again.made == ()
    record = json.loads((many.paths.reports / "2018-01/17/manifest.json").read_text())
    # Nothing has come from the system of staff: what the units lack goes to the worker with the step.
    assert "heroma_tid" in {each["layout"] for each in record["missing"]}
    assert [report["name"] for report in record["reports"]] == ["ekonomi"]


def test_the_command_line_runs_by_machines(many: Settings, tmp_path: Path):
    with Cluster(tmp_path / "cluster") as cluster:
        cluster.worker(many.root)
        command = [BIN / "analytics", "run", "2018-03", "--unit", "17", "--dask", cluster.address, "--json"]
        done = subprocess.run(command, cwd=many.root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["packages"] == [str(many.paths.reports / "2018-03/17")]

    gone = subprocess.run(command, cwd=many.root, capture_output=True, text=True, check=False)
    assert gone.returncode == MachineError.exit_code
    assert "cannot be reached" in gone.stdout + gone.stderr
