"""What a rotation means for a stack's configuration, whose token an ``up`` may save again.

To the engine nothing differs as long as the configuration does not. But address, scope, notification and threshold are
saved in one list with the token, so an ``up`` that changes one of them takes the configuration's token along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.errors import ConfigurationError
from provisioning.model.credentials import SecretToken
from provisioning.model.token_source import SourceKind
from provisioning.operations.deployed import Run
from provisioning.operations.stack_configuration import StackFile
from provisioning.settings.configuration import TOKEN

PUTS_BACK = "the next up that saves address, scope, notification or threshold puts back"


@dataclass(frozen=True, slots=True)
class ConfiguredToken:
    """The token of a stack's configuration, as far as it can be seen."""

    token: SecretToken | None
    why_unknown: str = ""
    where: str = ""
    """Where the new one is to be put, as an imperative sentence without its end."""
    is_kept: bool = False
    """Whether it is declared to stay as Entra has it, so that no ``up`` saves one."""

    @classmethod
    def of(cls, file: StackFile | None, environment: Mapping[str, str], run: Run) -> ConfiguredToken:
        """Look where the configuration has its token, and which it is."""
        if file is None:
            return cls(None, "there is no file of the stack in this folder", "Put the new token where the stack has it")
        where = f"Run `pulumi config set --stack {file.stack} --secret {TOKEN}`, which asks for it"
        try:
            source = file.token_is_in(environment)
            if source is not None and source.kind is SourceKind.KEPT:
                return cls(None, "it is kept as Entra has it", is_kept=True)
            where = f"Put it into {source.title}, from the vault that fills that" if source else where
            return cls(file.token(environment, run), where=where)
        except ConfigurationError as error:
            return cls(None, error.message.rstrip("."), where)

    def has(self, new: SecretToken) -> bool | None:
        """Tell whether it is the new one; ``None`` when that cannot be seen."""
        return None if self.token is None else self.token == new

    def what_to_do(self, new: SecretToken) -> str:
        """Say what to do, so that no ``up`` puts the old token back; empty when nothing is."""
        if self.is_kept:
            return ""
        match self.has(new):
            case True:
                return ""
            case False:
                return f"The configuration still has another token, which {PUTS_BACK}. {self.where}."
            case _:
                seen = f"Whether the configuration has the new token cannot be seen: {self.why_unknown}."
                return f"{seen} An old one {PUTS_BACK}. {self.where}."
