"""What Entra needs to reach the app: an address and a token that cannot be printed.

No sentence of this module repeats any part of a token.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from provisioning.errors import ConfigurationError

_SALT_BYTES = 8
_DIGEST_BYTES = 16
_COST = 2**14


@dataclass(frozen=True, slots=True, repr=False)
class SecretToken:
    """The app's SCIM token. Only :meth:`reveal` shows it."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Give the token itself, to be sent and dropped."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "SecretToken(***)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the state keeps in place of a token: enough to tell whether it changed, too little to find it.

    Written ``scrypt:<salt>:<digest>``, both in hexadecimal. The salt is new with each new token, so equal tokens of two
    environments do not look alike, and scrypt makes guessing a short token slow.
    """

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, token: SecretToken, *, salt: bytes) -> Fingerprint:
        """Take the fingerprint of a token. *salt* is any random bytes; eight of them are used."""
        short = hashlib.sha256(salt).digest()[:_SALT_BYTES]
        digest = hashlib.scrypt(token.reveal().encode(), salt=short, n=_COST, r=8, p=1, dklen=_DIGEST_BYTES)
        return cls(short, digest)

    @classmethod
    def unkept(cls, token: SecretToken, *, salt: bytes) -> Fingerprint:
        """Take one that tells tokens apart in this process, and is stored nowhere: guessing it need not be slow."""
        digest = hashlib.sha256(salt + token.reveal().encode()).digest()
        return cls(hashlib.sha256(salt).digest()[:_SALT_BYTES], digest[:_DIGEST_BYTES])

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        """Read a fingerprint; ``None`` when *text* is something else, such as a token."""
        match text.split(":"):
            case ["scrypt", salt, digest] if len(salt) == 2 * _SALT_BYTES and len(digest) == 2 * _DIGEST_BYTES:
                try:
                    return cls(bytes.fromhex(salt), bytes.fromhex(digest))
                except ValueError:
                    return None
        return None

    def fits(self, token: SecretToken) -> bool:
        """Tell whether this is the fingerprint of *token*."""
        digest = hashlib.scrypt(token.reveal().encode(), salt=self.salt, n=_COST, r=8, p=1, dklen=_DIGEST_BYTES)
        return hmac.compare_digest(digest, self.digest)

    def __str__(self) -> str:
        return f"scrypt:{self.salt.hex()}:{self.digest.hex()}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Address and token, as Entra's *Admin Credentials* section asks for them."""

    base_address: str
    """Where the app answers SCIM, such as ``https://acme.elium.com/scim/v2`` (Learn: elium-provisioning-tutorial)."""

    token: SecretToken


UNTOLD = "not known: the job was imported"
"""What stands in for the fingerprint of a token that the service holds and never shows, until a program declares it."""

LONGEST_TOKEN = 8_192
"""Characters. Servers commonly refuse a header that is longer."""


@dataclass(frozen=True, slots=True)
class TokenMistake:
    """A way to write what is not a token."""

    pattern: re.Pattern[str]
    """What the whole text looks like."""
    problem: str
    hint: str


_QUOTES = "\"'`\u00ab\u00bb\u2018-\u201f"
"""Those of keyboards, and those that word processors make of them."""


def _mistake(pattern: str, problem: str, hint: str = "Copy the token again, alone.") -> TokenMistake:
    return TokenMistake(re.compile(pattern, re.DOTALL | re.IGNORECASE), problem, hint)


TOKEN_MISTAKES: Sequence[TokenMistake] = (
    _mistake(r"\s*", "is empty."),
    _mistake(r"\s.*|.*\s", "begins or ends with a blank or a line break."),
    _mistake(r"(authorization\s*:|bearer[\s:]).*|bearer", "begins with a word that Entra writes itself: Bearer."),
    _mistake(rf"[{_QUOTES}].*|.*[{_QUOTES}]", "has a quotation mark around it."),
    _mistake(r"<.*>|\[.*\]|\(.*\)|\{.*\}|%\w+%", "is a placeholder.", "Write the token in its place."),
    _mistake(
        r"\$\{.*\}|\$\(.*\)|\$(env:)?[a-z_]\w*|#\{.*\}#?",
        "is a variable that nobody replaced.",
        "To have it read from a variable, write env: and the variable's name.",
    ),
    _mistake(
        r"null|none|nil|undefined|changeme|redacted|todo",
        "is a word that stands where nobody has put the token yet.",
        "Write the token in its place.",
    ),
    _mistake(r"[*•●·…]+|[.x_-]{3,}", "is a mask, not the token behind it."),
    _mistake(r"[a-z]+://.*", "is an address.", "Write the token here, and the address where it belongs."),
    _mistake(
        r"v1:[a-z0-9+/=]+:[a-z0-9+/=]+|secure:.*",
        "is what Pulumi writes for an encrypted value.",
        "Run `pulumi config set --secret` and give it the token itself.",
    ),
    _mistake(rf"scrypt:[0-9a-f]{{{2 * _SALT_BYTES}}}:[0-9a-f]{{{2 * _DIGEST_BYTES}}}", "is a token's fingerprint."),
    _mistake(r".*[\x00-\x1f\x7f].*", "holds a line break or another control character."),
    _mistake(r".*\s.*", "holds a blank."),
    _mistake(r".*[^\x21-\x7e].*", "holds letters beyond ASCII, which a header cannot carry."),
    _mistake(rf".{{{LONGEST_TOKEN + 1},}}", f"has more than {LONGEST_TOKEN:,} characters."),
)
"""In the order in which they are asked (RFC 6750, 2.1 says what a bearer token looks like)."""


def secret_token_of(text: str) -> SecretToken:
    """Take a token from what people paste.

    :raises ConfigurationError: when it cannot be one; the sentence says why, and shows nothing of it.
    """
    for mistake in TOKEN_MISTAKES:
        if mistake.pattern.fullmatch(text):
            raise ConfigurationError(mistake.problem, hint=mistake.hint)
    return SecretToken(text)
