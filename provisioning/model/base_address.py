"""Where the target answers SCIM: an address that is read part by part, each of which can be refused at the door.

No sentence of this module repeats what was written: a user part or the value of a query may hold a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from provisioning.errors import ConfigurationError

FLAGS = ("aadOptscim062020", "AzureAdScimPatch2017")
"""What Entra reads in the query (Learn: application-provisioning-config-problem-scim-compatibility)."""

_KNOWN = {flag.lower(): flag for flag in FLAGS}

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


_EXAMPLE = "Write it as the app shows it, such as https://acme.example.com."

RULES: Sequence[_Rule] = (
    _rule(r"^$", "it is empty", _EXAMPLE),
    _rule(rf"^.{{{LONGEST + 1}}}", f"it has more than {LONGEST:,} characters", _EXAMPLE),
    _rule(r"[\x00-\x1f\x7f]", "it holds a line break, a tab or another control character", "Write it in one line."),
    _rule(r"\s", "it holds a blank", "Write it without blanks."),
    _rule(r"[\"'`]", "it holds a quotation mark", "Write it without quotation marks of its own."),
    _rule(r"[<>{}*$]", "it has a place that is to be filled in", "Write the name of your own tenant there."),
    _rule(r"[^\x00-\x7f]", "it holds letters beyond ASCII", "Write an international name in its form with xn--."),
    _rule(r"\\", "it holds a backslash", "Write / in its place."),
    _rule(r"[,;|]", "it is more than one address", "Write one address, such as https://acme.example.com."),
    _rule(r"#", "a fragment, behind #, is never sent", "Leave out the # and what stands behind it."),
    _rule(r"^(?!.*:/)(?!https?:)", "the scheme is missing", "Begin with https://, as in https://acme.example.com."),
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
_USER_PART = re.compile(r"(?<=//).*@", re.DOTALL)
_MEANT_ANYWAY = re.compile(r"^(https://[^/]+):0*443(?=/|$)")
_BEHIND = re.compile(r"\?(?P<query>.*)|#.*", re.DOTALL)


def address_of(written: str) -> str:
    """Read the address that Entra calls, as it is; a trailing slash is left out.

    :raises ConfigurationError: with the part that cannot be, when Entra could not call it, or would call it
        unencrypted.
    """
    return _address(written, lambda path, _: _names(path.rstrip("/").split("/")[1:]))


def base_address_of(tenant_url: str, scim_path: str) -> str:
    """Turn the tenant URL that an app shows into the address that Entra calls, which ends in the app's *scim_path*.

    A trailing slash, *scim_path* and its beginning, such as ``/scim``, in any case are accepted, and a flag such as
    ``?aadOptscim062020`` is kept. Another path is taken on this machine only, where a rehearsal serves several
    tenants, or before *scim_path*.

    :raises ConfigurationError: with the part that cannot be, as :func:`address_of`.
    """
    return _address(tenant_url, lambda path, is_here: _ending_in(scim_path, path, is_here=is_here))


def target_of(address: str) -> str:
    """Tell targets apart: a flag in the query, or the port that is meant anyway, does not make another one.

    >>> target_of("https://Acme.elium.com:443/scim/v2?aadOptscim062020")
    'https://acme.elium.com'
    """
    place = _MEANT_ANYWAY.sub(r"\1", address.lower().partition("?")[0].strip()).rstrip("/")
    return place.removesuffix("/scim/v2").removesuffix("/scim")


def shown_address(held: str) -> str:
    """Give an address of the service as it may be printed and kept: what can hold a secret in it is hidden.

    In the portal a user part or a query can be written, which no declaration may have.

    >>> shown_address("https://ada:pw@acme.elium.com/scim/v2?token=x")
    'https://***@acme.elium.com/scim/v2?***'
    >>> shown_address("https://acme.elium.com/scim/v2?aadOptscim062020")
    'https://acme.elium.com/scim/v2?aadOptscim062020'
    """
    behind = _BEHIND.search(held)
    place = _USER_PART.sub("***@", held[: behind.start()] if behind else held)
    if behind is None:
        return place
    items = behind["query"].lower().split("&") if behind["query"] else ["a fragment"]
    return place + (behind[0] if _KNOWN.keys() >= set(items) else f"{behind[0][0]}***")


def _address(written: str, path_of: Callable[[str, bool], str]) -> str:
    text = written.strip()
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
    return f"{parts.scheme}://{host}{port}{path_of(parts.path, is_here)}{_query(parts.query)}"


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


def _names(segments: Sequence[str]) -> str:
    """Write segments as a path."""
    if not all(map(_SEGMENT.fullmatch, segments)):
        raise _refused("the path can only be names of letters and digits, with single slashes between them", _EXAMPLE)
    return "".join(f"/{segment}" for segment in segments)


def _ending_in(scim_path: str, path: str, *, is_here: bool) -> str:
    """Give the path with its ending."""
    ending = scim_path.lower().split("/")[1:]
    segments = path.rstrip("/").split("/")[1:]
    before = _before(ending, segments)
    if before is None and segments and not is_here:
        hint = "Write a flag behind a ?." if "&" in path else "Leave out what stands behind the host."
        raise _refused(f"the path can only be {scim_path}", hint)
    kept = segments if before is None else before
    written = _names(kept)
    if any(segment.lower() == ending[0] for segment in kept):
        raise _refused(f"the path goes on behind /{ending[0]}, or names it twice; it ends in {scim_path}", _EXAMPLE)
    return written + scim_path


def _before(ending: Sequence[str], segments: Sequence[str]) -> Sequence[str] | None:
    """Give what stands before the ending, or before its first name; ``None`` when the path ends in neither."""
    folded = [segment.lower() for segment in segments]
    if folded[-len(ending) :] == ending:
        return segments[: -len(ending)]
    return segments[:-1] if folded[-1:] == ending[:1] else None


def _query(query: str) -> str:
    """Give the flags that Entra reads, behind their question mark."""
    items = list(dict.fromkeys(filter(None, query.split("&"))))
    for item in items:
        if item.lower() not in _KNOWN:
            name, _, value = item.partition("=")
            # A text without a value, or with nothing but the = of base64, may be a secret as a whole.
            shown = f"{name} " if value.strip("=") and _NAME.fullmatch(name) else "what stands "
            problem = f"{shown}in its query is not a flag that Entra reads"
            raise _refused(problem, f"Leave out the ? and what stands behind it, unless it is ?{FLAGS[0]}.")
    flags = "&".join(dict.fromkeys(_KNOWN[item.lower()] for item in items))
    return f"?{flags}" if flags else ""
