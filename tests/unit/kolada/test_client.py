"""The client against a real server on this machine: paging, retries, and answers that are not to be trusted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from kolada_server import DATA, MUNICIPALITIES, KoladaServer, half, hang_up, send, silent, status, unmeasured_half

from analytics.errors import ServiceError, UsageError
from analytics.kolada.client import Client, Clock

PATH = "/v3/data/kpi/N00945/municipality/0010,1080"
QUERY = ("data", "kpi", "N00945", "municipality", "0010,1080")
WHOLE = json.dumps({"count": 3, "values": DATA["N00945"]}).encode()


class Waits:
    """A clock that only moves when the client waits."""

    def __init__(self):
        self.slept = []

    def clock(self):
        return Clock(now=lambda: float(sum(self.slept)), sleep=self.slept.append)


@pytest.fixture(params=["v2", "v3"])
def either(request):
    with KoladaServer(version=request.param) as server:
        yield server


@pytest.fixture
def server():
    with KoladaServer() as running:
        yield running


@pytest.fixture
def waits():
    return Waits()


def client(server, waits, *, attempts=4, answer_seconds=5.0, time_limit=100.0):
    return Client(
        server.address,
        server.version,
        attempts=attempts,
        answer_seconds=answer_seconds,
        time_limit=time_limit,
        clock=waits.clock(),
    )


def test_all_pages_are_followed_in_both_versions(either, waits):
    assert client(either, waits).records(*QUERY) == DATA["N00945"]
    assert len(either.asked) == 2
    assert waits.slept == []


def test_a_single_page_has_no_next_one(either, waits):
    assert client(either, waits).records("municipality") == MUNICIPALITIES


def test_a_count_of_the_whole_instead_of_the_page_is_understood(server, waits):
    server.faults[PATH] = [
        send(
            json.dumps(
                {"count": 3, "values": DATA["N00945"][:2], "next_url": f"{server.address}{PATH}?page=2"}
            ).encode()
        ),
        send(json.dumps({"count": 3, "values": DATA["N00945"][2:], "next_url": None}).encode()),
    ]
    assert client(server, waits).records(*QUERY) == DATA["N00945"]


def test_a_next_page_may_be_given_without_its_host(server, waits):
    server.faults[PATH] = [
        send(json.dumps({"count": 2, "values": DATA["N00945"][:2], "next_url": f"{PATH}?page=2"}).encode()),
    ]
    assert client(server, waits).records(*QUERY) == DATA["N00945"]


def test_one_record_asked_for_by_id_may_come_by_itself(server, waits):
    server.faults["/v3/kpi/N00945"] = [send(b'{"id": "N00945", "title": "x"}')]
    assert client(server, waits).records("kpi", "N00945") == [{"id": "N00945", "title": "x"}]


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again_after_a_growing_wait(server, waits, code):
    server.faults[PATH] = [status(code), status(code)]
    assert client(server, waits).records(*QUERY) == DATA["N00945"]
    assert waits.slept == [1.0, 2.0]


def test_the_server_may_say_how_long_to_wait(server, waits):
    server.faults[PATH] = [status(429, Retry_After="7")]
    client(server, waits).records(*QUERY)
    assert waits.slept == [7.0]


def test_the_wait_may_be_given_as_a_date(server, waits):
    past = datetime.now(UTC) - timedelta(hours=1)
    server.faults[PATH] = [status(503, Retry_After=format_datetime(past)), status(503, Retry_After="soon")]
    client(server, waits).records(*QUERY)
    assert waits.slept == [0.0, 2.0]


def test_a_wait_beyond_the_time_limit_is_not_waited_for(server, waits):
    server.faults[PATH] = [status(429, Retry_After="3600")]
    with pytest.raises(ServiceError, match="HTTP 429"):
        client(server, waits).records(*QUERY)
    assert waits.slept == []


def test_it_gives_up_after_so_many_attempts(server, waits):
    server.faults[PATH] = [status(500)] * 9
    with pytest.raises(ServiceError, match=r"no usable answer .*HTTP 500"):
        client(server, waits, attempts=3).records(*QUERY)
    assert len(server.asked) == 3
    assert waits.slept == [1.0, 2.0]


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_a_refusal_is_not_tried_again(server, waits, code):
    server.faults[PATH] = [status(code)]
    with pytest.raises(ServiceError, match=f"refused .*HTTP {code}"):
        client(server, waits).records(*QUERY)
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", [half(WHOLE), unmeasured_half(WHOLE), hang_up])
def test_half_an_answer_is_asked_for_again(server, waits, fault):
    server.faults[PATH] = [fault]
    assert client(server, waits).records(*QUERY) == DATA["N00945"]
    assert waits.slept == [1.0]


@pytest.mark.parametrize("fault", [half(WHOLE), unmeasured_half(WHOLE)])
def test_half_an_answer_is_never_taken_for_a_whole_one(server, waits, fault):
    server.faults[PATH] = [fault] * 4
    with pytest.raises(ServiceError, match="cut off"):
        client(server, waits).records(*QUERY)


def test_a_silent_server_is_given_up(server, waits):
    server.faults[PATH] = [silent(server)] * 2
    with pytest.raises(ServiceError, match="no answer in time"):
        client(server, waits, attempts=2, answer_seconds=0.05).records(*QUERY)


def test_a_slow_server_is_stopped_by_the_time_limit(server, waits):
    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(WHOLE[:10])
        handler.wfile.flush()
        server.released.wait()

    moments = iter([0.0, 0.0, *[1000.0] * 20])
    server.faults[PATH] = [trickle]
    slow = Client(
        server.address,
        "v3",
        attempts=4,
        answer_seconds=0.2,
        time_limit=100.0,
        clock=Clock(now=lambda: next(moments), sleep=waits.slept.append),
    )
    with pytest.raises(ServiceError, match="time"):
        slow.records(*QUERY)
    assert len(server.asked) == 1


def test_nobody_there_is_told(waits):
    with KoladaServer() as gone:
        address = gone.address
    gone_client = Client(address, "v3", attempts=2, answer_seconds=1.0, time_limit=50.0, clock=waits.clock())
    with pytest.raises(ServiceError, match="no usable answer"):
        gone_client.records("municipality")
    assert waits.slept == [1.0]


def test_pages_in_a_circle_are_found_out(server, waits):
    server.faults[PATH] = [
        send(json.dumps({"count": 1, "values": DATA["N00945"][:1], "next_url": f"{server.address}{PATH}"}).encode())
    ]
    with pytest.raises(ServiceError, match="circle"):
        client(server, waits).records(*QUERY)


def test_a_page_on_another_host_is_not_followed(server, waits):
    server.faults[PATH] = [
        send(json.dumps({"count": 1, "values": DATA["N00945"][:1], "next_url": "http://example.invalid/x"}).encode())
    ]
    with pytest.raises(ServiceError, match=r"another host: example\.invalid"):
        client(server, waits).records(*QUERY)


def test_a_redirect_to_another_host_is_not_followed(server, waits):
    server.faults[PATH] = [status(302, Location="http://example.invalid/x")]
    with pytest.raises(ServiceError, match="HTTP 302"):
        client(server, waits).records(*QUERY)
    assert len(server.asked) == 1


def test_a_redirect_on_the_same_host_is_followed(server, waits):
    server.faults["/v3/municipality"] = [status(307, Location=f"{server.address}/v3/municipality")]
    assert client(server, waits).records("municipality") == MUNICIPALITIES


def test_another_content_type_is_refused(server, waits):
    server.faults[PATH] = [send(b"<html>logga in</html>", kind="text/html")]
    with pytest.raises(ServiceError, match="text/html instead of JSON"):
        client(server, waits).records(*QUERY)
    assert len(server.asked) == 1


@pytest.mark.parametrize("content", [b"[]", b'{"count": 1}', b'{"values": {}}', b'{"values": [1]}', b'"text"'])
def test_json_of_another_shape_is_refused(server, waits, content):
    server.faults[PATH] = [send(content)]
    with pytest.raises(ServiceError, match="no list of values"):
        client(server, waits).records(*QUERY)


def test_fewer_records_than_counted_are_refused(server, waits):
    server.faults[PATH] = [send(json.dumps({"count": 5, "values": DATA["N00945"]}).encode())]
    with pytest.raises(ServiceError, match="more or fewer"):
        client(server, waits).records(*QUERY)


@pytest.mark.parametrize("address", ["file:///etc", "ftp://api.kolada.se", "api.kolada.se", "https://"])
def test_only_web_addresses_are_asked(address, waits):
    with pytest.raises(UsageError, match="no address of a web service"):
        Client(address, "v3", attempts=1, answer_seconds=1.0, time_limit=1.0, clock=waits.clock())


def test_an_unknown_version_is_a_wrong_call(waits):
    with pytest.raises(UsageError, match="v4"):
        Client("https://api.kolada.se", "v4", attempts=1, answer_seconds=1.0, time_limit=1.0, clock=waits.clock())
