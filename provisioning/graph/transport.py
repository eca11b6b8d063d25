"""How bytes travel: one client for everything, trust from the environment, and why a journey failed."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import httpx2

from provisioning.errors import ConfigurationError

NetworkError = (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError)
"""No answer came, or it was not one of Graph."""

UNREADABLE = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What comes of reading a body that is not JSON, or JSON of another shape."""

USER_AGENT = "elium-provisioning"

CONNECT_SECONDS = 10
READ_SECONDS = 100
"""Graph gives up on a request itself after that time; validateCredentials calls the app meanwhile."""

HTTP_AUTHORITIES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""Where the client of Graph finds whom to trust. Either variable is enough: what only one of two libraries heard would
be trusted for signing in and not for asking."""

SIGN_IN_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Where azure-identity is told whom to trust: its own library's variable first (reliability 3, authentication)."""


class Cause(NamedTuple):
    """Why no answer came."""

    sentence: str
    """Such as ``the certificate is not trusted``."""
    hint: str


UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH})

NETWORK = "Look at the network and the proxy, then try again."

CAUSES: tuple[tuple[type[BaseException], Cause], ...] = (
    (
        ssl.SSLCertVerificationError,
        Cause(
            "its certificate is not trusted",
            "Name the file of the authority that signed it, or of the proxy that looks into the traffic, in "
            "SSL_CERT_FILE and REQUESTS_CA_BUNDLE.",
        ),
    ),
    (ssl.SSLError, Cause("no secure connection came about", "Look whether a proxy or firewall breaks TLS.")),
    (socket.gaierror, Cause("its host name is not known", "Look at the address, the network and the DNS server.")),
    (ConnectionRefusedError, Cause("the connection was refused", "Look at the address, its port and the proxy.")),
    (ConnectionResetError, Cause("the connection was cut", NETWORK)),
    (TimeoutError, Cause("it took too long", NETWORK)),
    (httpx2.InvalidURL, Cause("its address cannot be read", "Look at the address.")),
    (httpx2.ProxyError, Cause("the proxy refused", "Look at HTTPS_PROXY and NO_PROXY.")),
    (httpx2.TimeoutException, Cause("it took too long", NETWORK)),
)
"""What may be found in the chain of an error, the most telling first."""


def http_client(environment: Mapping[str, str]) -> httpx2.AsyncClient:
    """Make the client. It trusts the system's authorities, or those that :data:`HTTP_AUTHORITIES` name.

    :raises ConfigurationError: when that file cannot be used.
    """
    return httpx2.AsyncClient(
        verify=ssl.create_default_context(cafile=authorities_in(environment, HTTP_AUTHORITIES)),
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        headers={"User-Agent": USER_AGENT},
    )


def authorities_in(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Find the file of authorities that the first of *names* tells; ``None`` when none does.

    :raises ConfigurationError: when the file is missing, or holds no certificates.
    """
    name = next((name for name in names if environment.get(name)), "")
    if not name:
        return None
    file = environment[name]
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"{name}: the file of authorities {file} holds no certificates that can be read.",
            hint="Name a file in PEM form, with BEGIN CERTIFICATE and END CERTIFICATE around each certificate.",
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"{name}: the file of authorities {file} cannot be read: {error.strerror}.",
            hint=f"Name a file that is there, or unset {name} to trust what the system trusts.",
        ) from error
    return file


def cause_of(error: BaseException) -> Cause:
    """Say why no answer came: the most telling link of the chain that led to *error*, or its kind."""
    return known_cause_of(error) or Cause(type(error).__name__, NETWORK)


def known_cause_of(error: BaseException) -> Cause | None:
    """Find the most telling link of the chain that led to *error*; ``None`` when no link tells anything."""
    chain = tuple(chain_of(error))
    for kind, cause in CAUSES:
        if any(isinstance(link, kind) for link in chain):
            return cause
    if any(isinstance(link, OSError) and link.errno in UNREACHABLE for link in chain):
        return Cause("its network cannot be reached", NETWORK)
    return None


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Follow what an error came of, innermost last; azure-core has a way of its own to say it."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__ or getattr(link, "inner_exception", None)
