"""What a rule refuses: the act fails with its code."""

from __future__ import annotations

from typing import Any

import pytest

from servicecenter.kernel.errors import RuleBroken


def refused(code: str, act: Any, /, **given: Any) -> RuleBroken:
    """The act is refused by that rule; the refusal."""
    problem = broken(act, **given)
    assert problem.code == code
    return problem


def refusal(code: str) -> pytest.RaisesContext[RuleBroken]:
    """`with refusal("document.short"):` what is done in it is refused by that rule."""
    return pytest.raises(RuleBroken, match=f"^{code}$")


def broken(act: Any, /, **given: Any) -> RuleBroken:
    """The act is refused; by which rule, and with what."""
    with pytest.raises(RuleBroken) as caught:
        act(**given)
    return caught.value
