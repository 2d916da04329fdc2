"""Asks a model endpoint that the company runs: one POST, one answer, within one time limit, to no other place.

1. HTTPS with verified certificates; plain HTTP only to this machine, unless the settings say otherwise.
2. No proxy and no credentials from the environment, no redirects: what is asked goes where the settings say.
3. One limit from name resolution to the last byte, and one for the size of the answer.
"""

import asyncio
import ipaddress
import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from clearance.intake.errors import IntakeError

if TYPE_CHECKING:
    import httpx

_LARGEST_ANSWER: Final = 1 << 20
_SHORTEST_S, _LONGEST_S = 0.1, 120.0


class EndpointRefused(IntakeError):  # noqa: N818 - as its family
    """The settings name an address that is not asked."""


class NoAnswer(Exception):  # noqa: N818 - what happened, not a fault
    """There was no answer that could be read; the text says why and holds nothing of the question."""


class Endpoint:
    """One address. Each question opens and closes its own connection.

    Args:
        address: the whole URL.
        headers: sent with each question; a key may stand in them.
        timeout_s: seconds for one question, all in all.
        ca: a file with certificates in PEM instead of those of the system; empty: the system's.
        insecure: plain HTTP to another machine may be asked too.

    Raises:
        EndpointRefused: the address is not asked under these settings, or the file of certificates cannot be used.
    """

    def __init__(
        self, address: str, headers: dict[str, str], *, timeout_s: float, ca: str = "", insecure: bool = False
    ) -> None:
        _refuse(address, insecure=insecure)
        if not _SHORTEST_S <= timeout_s <= _LONGEST_S:
            raise EndpointRefused(
                f"A time limit of {timeout_s:g} s is not usable.", advice=f"From {_SHORTEST_S:g} to {_LONGEST_S:g} s."
            )
        self._address, self._headers, self._timeout_s = address, headers, timeout_s
        self._tls = _context(ca)

    def post(self, body: bytes) -> bytes:
        """The body of the answer to one POST. Not to be called from a running event loop: see ``post_async``.

        Raises:
            NoAnswer: an error, a redirect, too large, too late.
        """
        return asyncio.run(self.post_async(body))

    async def post_async(self, body: bytes) -> bytes:
        """As ``post``."""
        import httpx  # here: who never asks needs no client

        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(body)
        except TimeoutError as error:
            raise NoAnswer(f"there was no whole answer within {self._timeout_s:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
            raise NoAnswer(f"the endpoint could not be asked ({type(error).__name__})") from error

    async def _post(self, body: bytes) -> bytes:
        import httpx

        async with (
            httpx.AsyncClient(
                verify=self._tls, trust_env=False, follow_redirects=False, timeout=self._timeout_s
            ) as client,
            client.stream("POST", self._address, content=body, headers=self._headers) as response,
        ):
            _refuse_status(response)
            answer = bytearray()
            async for piece in response.aiter_raw():
                answer += piece
                if len(answer) > _LARGEST_ANSWER:
                    raise NoAnswer(f"the answer is longer than {_LARGEST_ANSWER} bytes")
            return bytes(answer)


def _refuse_status(response: "httpx.Response") -> None:
    if response.is_redirect or 300 <= response.status_code < 400:
        raise NoAnswer(f"the endpoint wants to redirect ({response.status_code}), which is not followed")
    if response.status_code != 200:
        raise NoAnswer(f"the endpoint answered with status {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise NoAnswer("the answer is compressed, which was not asked for")


def _refuse(address: str, *, insecure: bool) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise EndpointRefused("The address of the endpoint is none.", advice="https://host/v1, for example.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise EndpointRefused("The address of the endpoint is none.", advice="https://host/v1, for example.")
    if parts.username is not None or parts.password is not None:
        raise EndpointRefused(
            "The address of the endpoint holds a user or password.", advice="Name a variable with --escalate-key-env."
        )
    if parts.scheme == "http" and not insecure and not _is_here(host):
        raise EndpointRefused(
            f"{host} would be asked over plain HTTP: whoever is on the way reads and answers.",
            advice="Use https, or --escalate-insecure if you must.",
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _context(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ValueError) as error:
        raise EndpointRefused(
            f"The certificates in {ca} cannot be used: {error}.", advice="Name a file in PEM."
        ) from error
