"""Writes down every attempt of a Python process to reach another machine; on the path of a watched JupyterLab."""

import ipaddress
import os
import sys

RECORD = os.environ["WATCHED_CONNECTIONS"]


def _elsewhere(host):
    if host in (None, "", b"", "localhost", b"localhost"):
        return False
    try:
        return not ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return True


def _watch(event, arguments):
    host = None
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if _elsewhere(host):
        with open(RECORD, "a", encoding="utf-8") as record:  # noqa: PTH123 - pathlib is not loaded yet
            record.write(f"{event} {host!r}\n")


sys.addaudithook(_watch)
