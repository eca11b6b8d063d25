"""Where the target answers SCIM: an address that is read part by part, each of which can be refused at the door.

No sentence of this module repeats what was written: a user part or the value of a query may hold a secret.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from provisioning.errors import ConfigurationError

SCIM_PATH = "/scim/v2"
"""What the tutorial puts behind the tenant URL (Learn: elium-provisioning-tutorial, step 5)."""

FLAGS = ("aadOptscim062020", "AzureAdScimPatch2017")
"""What Entra reads in the query (Learn: application-provisioning-config-problem-scim-compatibility)."""

LONGEST = 2_048
"""Characters. A host name has at most 253, and little else can stand in such an address."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Something that no address has, wherever it stands."""

    pattern: re.Pattern[str]
    problem: str
    hint: str


def _rule(pattern: str, problem: str, hint: str) -> _Rule:
    return _Rule(re.compile(pattern, re.DOTALL | re.IGNORECASE), problem, hint)


_EXAMPLE = "Write it as Elium shows it, such as https://acme.elium.com."

RULES: Sequence[_Rule] = (
    _rule(r"^$", "it is empty", _EXAMPLE),
    _rule(rf"^.{{{LONGEST + 1}}}", f"it has more than {LONGEST:,} characters", _EXAMPLE),
    _rule(r"[\x00-\x1f\x7f]", "it holds a line break, a tab or another control character", "Write it in one line."),
    _rule(r"\s", "it holds a blank", "Write it without blanks."),
    _rule(r"[\"'`]", "it holds a quotation mark", "Write it without quotation marks of its own."),
    _rule(r"[<>{}*$]", "it has a place that is to be filled in", "Write the name of your own tenant there."),
    _rule(r"[^\x00-\x7f]", "it holds letters beyond ASCII", "Write an international name in its form with xn--."),
    _rule(r"\\", "it holds a backslash", "Write / in its place."),
    _rule(r"[,;|]", "it is more than one address", "Write one address, such as https://acme.elium.com."),
    _rule(r"#", "a fragment, behind #, is never sent", "Leave out the # and what stands behind it."),
    _rule(r"^(?!.*:/)(?!https?:)", "the scheme is missing", "Begin with https://, as in https://acme.elium.com."),
    _rule(r"^(?!https?:)", "the scheme can only be https, or http on this machine", "Begin with https://."),
    _rule(r"^https?:(?!//[^/])", "behind the scheme stand two slashes, and then the host", _EXAMPLE),
    _rule(
        r"^https?://[^/?]*@",
        "a user part, before @, cannot be",
        "Leave it out: the token alone says who calls. A password that stood there should be changed.",
    ),
)
"""In the order in which they are asked."""

_BRACKETS = ("what stands in brackets is not an IPv6 address", "Write one as [::1].")
"""Some versions of Python find it while they split the address, others leave it to us."""
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?P<port>:.*)?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label that browsers take for a number, and the host for an IPv4 address (WHATWG: ends-in-a-number)."""
_SEGMENT = re.compile(r"(?!\.+$)[A-Za-z0-9._~-]+")
_NAME = re.compile(r"[A-Za-z][\w.-]{0,31}")


def base_address_of(tenant_url: str) -> str:
    """Turn the tenant URL that Elium's security page shows into the address that Entra calls.

    A trailing slash, ``/scim`` and ``/scim/v2`` in any case are accepted, and a flag such as ``?aadOptscim062020`` is
    kept. Another path is taken on this machine only, where a rehearsal serves several tenants, or when it ends in
    ``/scim``.

    :raises ConfigurationError: with the part that cannot be, when Entra could not call it, or would call it
        unencrypted.
    """
    text = tenant_url.strip()
    for rule in RULES:
        if rule.pattern.search(text):
            raise _refused(rule.problem, rule.hint)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _refused(*_BRACKETS) from None
    host, port = _authority(parts.netloc.lower())
    is_here = _is_loopback(host)
    if parts.scheme == "http" and not is_here:
        raise ConfigurationError(
            "is not encrypted, so the token could be read on its way.", hint="Write https:// in place of http://."
        )
    return f"{parts.scheme}://{host}{port}{_path(parts.path, is_here=is_here)}{_query(parts.query)}"


def _refused(problem: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"cannot be a SCIM address: {problem}.", hint=hint)


def _authority(netloc: str) -> tuple[str, str]:
    """Take host and port apart; the port keeps its colon."""
    if netloc.count(":") > 1 and not set("[]") & set(netloc):
        raise _refused("it has more than one colon behind its host", "Write an IPv6 address as [::1].")
    match = _AUTHORITY.fullmatch(netloc)
    if not match:
        raise _refused(*_BRACKETS)
    host, port = match["host"], match["port"] or ""
    if not host:
        raise _refused("the host is missing", _EXAMPLE)
    if port and not (re.fullmatch(r":[0-9]{1,5}", port) and 0 < int(port[1:]) <= 65_535):  # noqa: PLR2004 - 16 bits
        raise _refused("the port can only be a number from 1 to 65535", "Correct it, or leave it out with its colon.")
    _check_host(host)
    return host, port


def _check_host(host: str) -> None:
    labels = host.split(".")
    if host.startswith("[") or _NUMBER.fullmatch(labels[-1]):
        address = _ip_address(host)
        if address is None and host.startswith("["):
            raise _refused(*_BRACKETS)
        if address is None or not (address.is_loopback or _is_somebodys(address)):
            raise _refused("the host is not an IP address at which anybody answers", _EXAMPLE)
    elif not all(map(_LABEL.fullmatch, labels)) or len(host) > 253:  # noqa: PLR2004 - RFC 1035
        problem = "the host can only be names of letters, digits and hyphens, with single dots between them"
        raise _refused(problem, _EXAMPLE)
    elif len(labels) == 1 and host != "localhost":
        raise _refused("the host has no domain, so Entra cannot find it", _EXAMPLE)


def _ip_address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        # A zone, behind %, means something on one machine alone.
        return IPv6Address(host[1:-1].replace("%", "zone")) if host.startswith("[") else IPv4Address(host)
    except ValueError:
        return None


def _is_somebodys(address: IPv4Address | IPv6Address) -> bool:
    return not (address.is_unspecified or address.is_multicast or address.is_reserved)


def _is_loopback(host: str) -> bool:
    address = _ip_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _path(path: str, *, is_here: bool) -> str:
    """Give the path that ends in ``/scim/v2``."""
    segments = path.rstrip("/").split("/")[1:]
    before = _before_scim(segments)
    if before is None and segments and not is_here:
        hint = "Write a flag behind a ?." if "&" in path else "Leave out what stands behind the host."
        raise _refused(f"the path can only be {SCIM_PATH}", hint)
    kept = segments if before is None else before
    if not all(map(_SEGMENT.fullmatch, kept)):
        raise _refused("the path can only be names of letters and digits, with single slashes between them", _EXAMPLE)
    if any(segment.lower() == "scim" for segment in kept):
        raise _refused(f"the path goes on behind /scim, or names it twice; it ends in {SCIM_PATH}", _EXAMPLE)
    return "".join(f"/{segment}" for segment in kept) + SCIM_PATH


def _before_scim(segments: Sequence[str]) -> Sequence[str] | None:
    """Give what stands before ``scim`` or ``scim/v2``; ``None`` when the path ends in neither."""
    folded = [segment.lower() for segment in segments]
    if folded[-2:] == ["scim", "v2"]:
        return segments[:-2]
    return segments[:-1] if folded[-1:] == ["scim"] else None


def _query(query: str) -> str:
    """Give the flags that Entra reads, behind their question mark."""
    known = {flag.lower(): flag for flag in FLAGS}
    items = list(dict.fromkeys(filter(None, query.split("&"))))
    for item in items:
        if item.lower() not in known:
            name, _, value = item.partition("=")
            # A text without a value, or with nothing but the = of base64, may be a secret as a whole.
            shown = f"{name} " if value.strip("=") and _NAME.fullmatch(name) else "what stands "
            problem = f"{shown}in its query is not a flag that Entra reads"
            raise _refused(problem, f"Leave out the ? and what stands behind it, unless it is ?{FLAGS[0]}.")
    flags = "&".join(dict.fromkeys(known[item.lower()] for item in items))
    return f"?{flags}" if flags else ""
