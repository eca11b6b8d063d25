"""An e-mail address, as a field. What judges it is loaded when there is one: that costs more than all our fields."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from provisioning.errors import ConfigurationError
from provisioning.settings.mistakes import reporting

_SEVERAL = re.compile(r"@[^@]*[,;\s]+[^@]*@")


def _email(text: str) -> str:
    import email_validator  # noqa: PLC0415 - 50 ms, for which most runs of the plugin have no use

    if _SEVERAL.search(text.strip()):
        raise ConfigurationError("is more than one address.", hint="Name one, a person's or a group's.")
    try:
        return email_validator.validate_email(text.strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise ConfigurationError(f"is not an e-mail address: {error}") from error


Email = Annotated[str, AfterValidator(reporting(_email)), WithJsonSchema({"type": "string", "format": "email"})]
