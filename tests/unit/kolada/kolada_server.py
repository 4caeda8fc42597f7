"""A local server that answers as Kolada is documented to do, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Reply = Callable[[BaseHTTPRequestHandler], None]

MUNICIPALITIES = [
    {"id": "0010", "title": "Region Blekinge", "type": "L"},
    {"id": "1080", "title": "Karlskrona", "type": "K"},
]
KPIS = {
    "N00945": {"id": "N00945", "title": "Invånare totalt, antal", "is_divided_by_gender": 1, "municipality_type": "K"},
    "N79001": {"id": "N79001", "title": "Väntetid, andel (%)", "is_divided_by_gender": 0, "municipality_type": "L"},
}


def record(kpi: str, municipality: str, period: Any, *values: dict[str, Any]) -> dict[str, Any]:
    return {"kpi": kpi, "municipality": municipality, "period": period, "values": list(values)}


def value(gender: str, number: float | None, status: str = "") -> dict[str, Any]:
    return {"count": 1 if number is not None else 0, "gender": gender, "status": status, "value": number}


DATA = {
    "N00945": [
        record("N00945", "0010", 2016, value("K", 78_000), value("M", 79_500), value("T", 157_500)),
        record("N00945", "0010", 2017, value("T", 158_453), value("M", 80_111), value("K", 78_342)),
        record("N00945", "1080", 2017, value("T", 66_262.5)),
    ],
    "N79001": [record("N79001", "0010", 2017, value("T", None, "Missing"))],
}


class KoladaServer:
    """``page_size`` records a page; ``faults`` are answers given first for a path, one per request."""

    def __init__(self, *, version: str = "v3", page_size: int = 2) -> None:
        self.version = version
        self.page_size = page_size
        self.faults: dict[str, list[Reply]] = defaultdict(list)
        self.asked: list[str] = []
        self.released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                server.asked.append(self.path)
                if server.faults[path]:
                    server.faults[path].pop(0)(self)
                else:
                    server.answer(self, path, parse_qs(urlsplit(self.path).query))

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]]) -> None:
        parts = path.strip("/").split("/")
        if parts[:1] != [self.version]:
            return status(404)(handler)
        if parts[1:] == ["municipality"]:
            return self.page(handler, path, query, MUNICIPALITIES)
        if parts[1:2] == ["kpi"] and len(parts) == 3:
            if parts[2] not in KPIS:
                return status(404)(handler)
            return self.page(handler, path, query, [KPIS[parts[2]]])
        if parts[1:3] == ["data", "kpi"] and parts[4:5] == ["municipality"]:
            wanted = parts[5].split(",")
            found = [each for each in DATA.get(parts[3], []) if each["municipality"] in wanted]
            return self.page(handler, path, query, found)
        return status(404)(handler)

    def page(
        self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]], records: list[dict[str, Any]]
    ) -> None:
        number = int(query.get("page", ["1"])[0])
        start = (number - 1) * self.page_size
        held = records[start : start + self.page_size]
        answer: dict[str, Any] = {"count": len(held), "values": held}
        if start + self.page_size < len(records):
            following = f"{self.address}{path}?page={number + 1}&per_page={self.page_size}"
            answer["next_url" if self.version == "v3" else "next_page"] = following
        elif self.version == "v3":
            answer["next_url"] = None
        send(json.dumps(answer).encode())(handler)


def send(
    content: bytes,
    kind: str = "application/json; charset=utf-8",
    code: int = 200,
    length: int | None = None,
    **headers: str,
) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, text in headers.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def status(code: int, **headers: str) -> Reply:
    return send(b'{"detail": "no"}', code=code, **headers)


def half(content: bytes) -> Reply:
    """Half of the bytes that the header promises."""
    return send(content[: len(content) // 2], length=len(content))


def unmeasured_half(content: bytes) -> Reply:
    """Half of the bytes, without a header that says how many there should be."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])

    return reply


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all."""
    handler.connection.close()


def silent(server: KoladaServer) -> Reply:
    """Nothing until the test is over."""

    def reply(handler: BaseHTTPRequestHandler) -> None:  # noqa: ARG001
        server.released.wait()

    return reply
