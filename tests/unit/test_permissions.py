"""The permission matrix: one table says who may do what, and every command asks it."""

import re
from pathlib import Path

import pytest

from casework import matrix
from casework.matrix import EVERYBODY, MATRIX, ROLE_NAMES
from casework.permissions import check_role
from casework.tables import Role
from engine.errors import Forbidden
from engine.ports import ENGINE, Actor

ROOT = Path(__file__).parent.parent.parent
ASKED = re.compile(r"""\bmay\(\s*tx,\s*"([a-z_.]+)"|"((?:user_tasks|cases|corrections)\.[a-z_]+)\"""")


def with_role(*roles: str) -> Actor:
    return Actor(login="somebody", name="某人", groups=frozenset(roles))


def acts_asked() -> set[str]:
    files = [path for folder in ("engine", "casework") for path in (ROOT / folder).rglob("*.py")]
    return {
        act
        for path in files
        if path.name != "matrix.py"
        for found in ASKED.findall(path.read_text(encoding="utf-8"))
        for act in found
        if act
    }


def test_every_act_that_a_command_asks_for_has_a_rule() -> None:
    asked = acts_asked()
    assert "user_tasks.complete" in asked
    assert asked <= set(MATRIX)


def test_every_act_can_be_done_by_somebody_and_says_who_in_two_languages() -> None:
    for rule in MATRIX.values():
        assert rule.roles
        assert re.search(r"[一-鿿]", rule.name.zh)
        assert rule.name.en.isascii()
    assert set(ROLE_NAMES) == set(Role)


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        ("cases.submit", {"applicant", "agent", "window"}),
        ("cases.backdate", {"window", "agent"}),
        ("corrections.request_again", {"head"}),
        ("liabilities.read", {"supervisor", "government-leader"}),
        ("cases.accept", {"window"}),
        ("cases.decline", {"window"}),
        ("cases.withdraw", {"applicant", "agent", "window"}),
        ("corrections.send", {"window", "lead"}),
        ("user_tasks.assign", {"head"}),
        ("deployments.deploy", {"designer", "admin"}),
        ("incidents.resolve", {"admin"}),
        ("people.add", {"admin"}),
    ],
)
def test_the_roles_of_an_act(act: str, roles: set[str]) -> None:
    for role in Role:
        if role in roles:
            check_role(with_role(role), act)
        else:
            with pytest.raises(Forbidden):
                check_role(with_role(role), act)


@pytest.mark.parametrize("role", ["supervisor", "designer", "admin", "applicant", "agent", "worker"])
def test_who_works_in_no_department_takes_no_departments_task(role: str) -> None:
    for act in ("claim", "release", "save_draft", "sign", "complete", "assign"):
        assert role not in MATRIX[f"user_tasks.{act}"].roles


def test_the_coordinator_holds_tasks_but_is_no_signer() -> None:
    assert Role.LEAD in matrix.TASK_HOLDERS
    assert Role.LEAD not in matrix.SIGNERS


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(Forbidden) as refused:
        check_role(with_role("supervisor"), "cases.submit")
    assert refused.value.detail.zh == "提交办件须由申请人、代办人、综合窗口进行。"
    assert refused.value.detail.en == "Only applicants, agents, the window may submit cases."


def test_nobody_without_a_role_may_do_anything() -> None:
    for act in MATRIX:
        with pytest.raises(Forbidden):
            check_role(with_role("taxation"), act)


def test_the_engine_itself_may_do_everything_but_not_somebody_of_its_name() -> None:
    for act in MATRIX:
        check_role(ENGINE, act)
    with pytest.raises(Forbidden):
        check_role(Actor(login=ENGINE.login, name=ENGINE.name), "people.add")


def test_everybody_is_every_role() -> None:
    assert frozenset(Role) == EVERYBODY
