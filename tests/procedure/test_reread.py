"""A procedure of a record was sound to those who played it, whatever later checks find."""

import pytest

from surgisim.errors import ProcedureError
from surgisim.procedure.load import loads, reread

from .trial import HEAD

BODY = """\
steps:
  - {id: touch, title: Touch, done_when: probe.touching}
  - {id: press, title: Press, needs: [touch], done_when: probe.force > 90 N}
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("title: Trial", "title: Trial #1", "the text ends before '#1'"),
        ("title: Trial", "title: Tri\u200bal", "cannot be seen"),
        ("needs: [touch]", "needs: [press]", "need each other in a circle"),
    ],
)
def test_what_a_later_check_finds_is_let_be(before: str, after: str, told: str) -> None:
    text = (HEAD + BODY).replace(before, after)
    with pytest.raises(ProcedureError, match=told):
        loads(text, "record")
    assert reread(text, "record").id == "trial"


def test_what_is_no_procedure_is_refused_all_the_same() -> None:
    with pytest.raises(ProcedureError, match="unknown key 'stepps'"):
        reread((HEAD + BODY).replace("steps:", "stepps:"), "record")
