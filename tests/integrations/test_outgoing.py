"""The factory of outgoing clients, against real sockets on the loopback."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from integrations.outgoing import AddressNotAllowed, OriginNotAllowed, Resolver, http_client, is_safe_target, origin_of


class AServer:
    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.received = b""
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received += await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def a_server(answer: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok") -> AsyncIterator[AServer]:
    played = AServer(answer)
    server = await asyncio.start_server(played, "127.0.0.1", 0)
    async with server:
        played.port = server.sockets[0].getsockname()[1]
        yield played


def leading_to(*addresses: str) -> Resolver:
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


class TestHttpClient:
    async def test_reaches_a_configured_origin_and_says_who_it_is(self) -> None:
        async with a_server() as server, http_client([f"http://127.0.0.1:{server.port}/gaj"]) as http:
            response = await http.get(f"http://127.0.0.1:{server.port}/anything")

        assert response.text == "ok"
        assert b"user-agent: fuhai/1" in server.received.lower()

    @pytest.mark.parametrize(
        "address", ["http://127.0.0.1:1/", "https://127.0.0.1:{port}/", "http://evil.example:{port}/"]
    )
    async def test_reaches_nothing_else(self, address: str) -> None:
        async with a_server() as server, http_client([f"http://127.0.0.1:{server.port}"]) as http:
            with pytest.raises(OriginNotAllowed):
                await http.get(address.format(port=server.port))

        assert server.received == b""

    async def test_follows_no_redirect(self) -> None:
        moved = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
        async with a_server(moved) as server, http_client([f"http://127.0.0.1:{server.port}"]) as http:
            response = await http.get(f"http://127.0.0.1:{server.port}/")

        assert response.status_code == 302

    async def test_takes_no_proxy_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

        async with a_server() as server, http_client([f"http://127.0.0.1:{server.port}"]) as http:
            assert (await http.get(f"http://127.0.0.1:{server.port}/")).text == "ok"

    async def test_a_silent_server_is_given_up(self) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        async with server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with http_client([address], timeout=httpx.Timeout(0.1)) as http:
                with pytest.raises(httpx.ReadTimeout):
                    await http.get(address)

    @pytest.mark.parametrize(
        "found", [["127.0.0.1"], ["10.0.0.5", "127.0.0.1"], ["169.254.169.254"], ["::ffff:10.0.0.5"], []]
    )
    async def test_a_name_cant_be_pointed_at_this_machine(self, found: list[str]) -> None:
        async with a_server() as server:
            address = f"http://gaj.example:{server.port}"
            async with http_client([address], resolve=leading_to(*found)) as http:
                with pytest.raises(AddressNotAllowed):
                    await http.get(address)

        assert server.received == b""

    async def test_the_connection_goes_to_the_vetted_address_under_its_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[httpx.Request] = []

        async def send(_: object, request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return httpx.Response(200)

        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", send)
        async with http_client(["https://gaj.example"], resolve=leading_to("10.0.0.5")) as http:
            await http.post("https://gaj.example/x", content=b"body")

        (request,) = asked
        assert str(request.url) == "https://10.0.0.5/x"
        assert request.headers["host"] == "gaj.example"
        assert request.extensions["sni_hostname"] == "gaj.example"
        assert await request.aread() == b"body"


class TestIsSafeTarget:
    @pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.1", "172.16.0.1", "203.119.1.1", "240e::1", "fd00::1"])
    def test_a_network_is_fine(self, address: str) -> None:
        assert is_safe_target(ipaddress.ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
            *("::1", "::", "fe80::1", "fe80::1%eth0", "ff02::1", "::ffff:127.0.0.1", "::ffff:203.119.1.1"),
            *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "fec0::1"),
        ],
    )
    def test_this_machine_its_link_and_tunnels_arent(self, address: str) -> None:
        assert not is_safe_target(ipaddress.ip_address(address))


class TestOriginOf:
    def test_a_port_that_goes_without_saying_is_said(self) -> None:
        assert origin_of(httpx.URL("https://gaj.example/x")) == origin_of(httpx.URL("https://GAJ.example:443"))
        assert origin_of(httpx.URL("http://gaj.example")) != origin_of(httpx.URL("https://gaj.example"))
