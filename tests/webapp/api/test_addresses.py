"""Messages lead to public addresses only, and to the very address that was looked at."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from models.operations.delivering import NotTaken
from webapp import calling


def names(monkeypatch: pytest.MonkeyPatch, **addresses: str) -> list[tuple[str, int]]:
    """Names stand for these addresses; answers what is connected to."""
    connected: list[tuple[str, int]] = []

    def looked_up(host: str, port: int, **_more: Any) -> list[tuple[Any, ...]]:
        found = addresses.get(host.partition(".")[0])
        return real(host, port, **_more) if found is None else [(2, 1, 6, "", (each, port)) for each in found.split()]

    def connect(address: tuple[str, int], **_more: Any) -> Any:
        connected.append(address)
        raise OSError

    real = socket.getaddrinfo
    monkeypatch.setattr(calling.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(calling.socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://2130706433/", "https://0x7f000001/",
        "https://017700000001/", "https://127.1/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/",
        "https://192.168.1.1/", "https://100.64.0.1/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://inside.example/", "https://both.example/", "http://outside.example/",
    ],
)  # fmt: skip
def test_nothing_is_sent_inside(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    connected = names(monkeypatch, inside="10.1.2.3", both="93.184.215.14 127.0.0.1", outside="93.184.215.14")
    with pytest.raises(NotTaken) as refused:
        calling.post(url, b"{}", {}, private=False)
    assert (refused.value.reason in ("address_refused", "no_such_address"), connected) == (True, [])


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for something else a moment later leads nowhere else."""
    connected = names(monkeypatch, outside="93.184.215.14")
    with pytest.raises(NotTaken, match="no_answer"):
        calling.post("https://outside.example/told", b"{}", {}, private=False)
    assert connected == [("93.184.215.14", 443)]


def test_addresses_are_told_apart() -> None:
    for text, public in (("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("::", False), ("240.0.0.1", False)):
        assert calling.is_public(ipaddress.ip_address(text)) is public
