from __future__ import annotations

import pytest

from provisioning.language.evaluation import built
from provisioning.language.nodes import Call, Text


def test_a_function_that_is_not_offered_never_gets_as_far_as_evaluation() -> None:
    with pytest.raises(AssertionError, match="SelectUniqueValue passed the check"):
        built(Call("SelectUniqueValue", (Text("a", 0),), 0), "")
