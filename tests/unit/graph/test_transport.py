"""Why a journey failed is told by the most telling link of what led to the error."""

from __future__ import annotations

import errno
import socket
import ssl
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx2
import pytest
from azure.core.exceptions import ServiceRequestError

from provisioning.errors import ConfigurationError
from provisioning.graph.transport import (
    HTTP_AUTHORITIES,
    SIGN_IN_AUTHORITIES,
    authorities_in,
    cause_of,
    http_client,
    known_cause_of,
)

if TYPE_CHECKING:
    from pathlib import Path


def coming_of(*links: BaseException) -> BaseException:
    for error, cause in pairwise(links):
        error.__cause__ = cause
    return links[0]


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        ((httpx2.ConnectError("no"), ssl.SSLCertVerificationError("x")), "its certificate is not trusted"),
        ((httpx2.ConnectError("no"), ssl.SSLError("x")), "no secure connection came about"),
        ((httpx2.ConnectError("no"), OSError("all failed"), socket.gaierror(-2)), "its host name is not known"),
        ((httpx2.ConnectError("no"), ConnectionRefusedError()), "the connection was refused"),
        ((httpx2.ReadError("no"), ConnectionResetError()), "the connection was cut"),
        ((httpx2.ConnectError("no"), OSError(errno.ENETUNREACH, "x")), "its network cannot be reached"),
        ((httpx2.ConnectTimeout("slow"),), "it took too long"),
        ((httpx2.ProxyError("407"),), "the proxy refused"),
        ((httpx2.InvalidURL("x"),), "its address cannot be read"),
        ((httpx2.RemoteProtocolError("x"),), "RemoteProtocolError"),
    ],
)
def test_the_cause_is_told(links: tuple[BaseException, ...], sentence: str) -> None:
    cause = cause_of(coming_of(*links))

    assert cause.sentence == sentence
    assert cause.hint


def test_the_cause_of_azures_own_errors_is_found_where_azure_keeps_it() -> None:
    assert cause_of(ServiceRequestError("no", error=ConnectionRefusedError())).sentence == "the connection was refused"


def test_an_error_that_came_of_itself_ends() -> None:
    error = httpx2.ReadError("x")
    error.__cause__ = ValueError("y")
    error.__cause__.__context__ = error

    assert known_cause_of(error) is None


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
@pytest.mark.parametrize(
    ("content", "told"), [(None, "cannot be read: No such file"), ("hello", "holds no certificates that can be read")]
)
def test_a_file_of_authorities_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, content: str | None, told: str
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)

    with pytest.raises(ConfigurationError, match=rf"^{name}: the file of authorities {file} {told}"):
        authorities_in({name: str(file)}, ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"))


def test_a_folder_of_authorities_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Is a directory"):
        http_client({"SSL_CERT_FILE": str(tmp_path)})


def test_nobody_need_name_authorities() -> None:
    assert authorities_in({"SSL_CERT_FILE": ""}, ("SSL_CERT_FILE",)) is None


@pytest.mark.parametrize("name", HTTP_AUTHORITIES)
def test_either_variable_tells_the_client_of_graph_whom_to_trust(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}: .* cannot be read"):
        http_client({name: str(tmp_path / "none.pem")})


def test_what_signs_in_and_what_asks_hear_the_same_variables() -> None:
    assert set(HTTP_AUTHORITIES) == set(SIGN_IN_AUTHORITIES)
