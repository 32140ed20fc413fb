"""Who may know of a task, a case or a material: candidacy decides, and what is out of sight is not found."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.permissions import may
from casework.tables import Case, CaseState, Item, Material
from casework.visibility import visible_case
from engine.errors import EngineError, Forbidden, NotFound
from engine.ports import ENGINE
from engine.store import contents
from engine.tables import Candidate, TaskState, UserTask
from engine.transaction import Database, Transaction
from tests.office import actor
from tests.rows import running_instance


def new_task(tx: Transaction, root_id: str, act: str, *groups: str, users: tuple[str, ...] = ()) -> UserTask:
    task = UserTask(
        id=tx.new_id(),
        region="000000",
        instance_id=root_id,
        root_id=root_id,
        definition_id=root_id,
        activity_id="Review",
        act=act,
        state=TaskState.CREATED,
        created_at=tx.now,
    )
    tx.add(task)
    tx.add(*(Candidate(task_id=task.id, kind="group", name=group) for group in groups))
    tx.add(*(Candidate(task_id=task.id, kind="user", name=user) for user in users))
    return task


def new_case(tx: Transaction, *, is_confidential: bool = False) -> Case:
    item = Item(
        id=tx.new_id(),
        region="000000",
        code=f"item-{tx.new_id()}",
        version=1,
        counts_from=date(2026, 1, 1),
        name="企业开办",
        definition_key="enterprise-registration",
        document="{}",
        published_at=tx.now,
        published_by="admin",
    )
    case = Case(
        root_id=tx.new_id(),
        region="000000",
        number=tx.new_id(),
        query_code="7K2M",
        item_id=item.id,
        title="大连海岚软件有限公司",
        state=CaseState.RECEIVED,
        applicant_kind="enterprise",
        applicant_name="陆嘉禾",
        applicant_id_type="resident-id",
        applicant_id_number="11010519491231002X",
        applicant_phone="13800000000",
        channel="online",
        submitted_by="applicant",
        submitted_at=tx.now,
        received_at=tx.now,
        is_confidential=is_confidential,
    )
    tx.add(item)
    tx.flush()
    tx.add(case)
    return case


@pytest.fixture
def case(office: Database) -> Case:
    """A case in which taxation and the bank have a review, and the window accepts."""
    with office.begin(ENGINE) as tx:
        case = new_case(tx)
        new_task(tx, case.root_id, "review", "taxation")
        new_task(tx, case.root_id, "review", "bank")
        new_task(tx, case.root_id, "accept", "window")
        tx.flush()
    return case


@pytest.fixture
def task(office: Database, case: Case) -> UserTask:
    """Taxation's review."""
    with office.view(ENGINE) as tx:
        return tx.session.scalars(
            select(UserTask).join(Candidate, Candidate.task_id == UserTask.id).where(Candidate.name == "taxation")
        ).one()


def answer(office: Database, login: str, act: str, subject: object) -> type[EngineError] | None:
    """What the port says: None for yes, else the kind of refusal."""
    with office.view(actor(office, login)) as tx:
        try:
            may(tx, act, subject)
        except EngineError as error:
            return type(error)
    return None


@pytest.mark.parametrize("login", ["taxation", "taxation-2", "taxation-head"])
def test_a_department_may_work_on_its_own_task(office: Database, task: UserTask, login: str) -> None:
    for act in ("claim", "release", "save_draft", "complete", "read"):
        assert answer(office, login, f"user_tasks.{act}", task) is None


@pytest.mark.parametrize(
    "login", ["bank", "bank-head", "window", "applicant", "lead", "supervisor", "admin", "designer"]
)
@pytest.mark.parametrize("act", ["claim", "complete", "assign", "read"])
def test_a_task_is_not_found_by_who_is_no_candidate(office: Database, task: UserTask, login: str, act: str) -> None:
    assert answer(office, login, f"user_tasks.{act}", task) is NotFound


def test_only_the_departments_own_head_assigns(office: Database, task: UserTask) -> None:
    assert answer(office, "taxation-head", "user_tasks.assign", task) is None
    assert answer(office, "taxation", "user_tasks.assign", task) is Forbidden


def test_a_head_of_one_candidate_assigns_and_an_officer_of_another_does_not(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        shared = new_task(tx, running_instance(tx).id, "review", "taxation", "bank")
    assert answer(office, "bank-head", "user_tasks.assign", shared) is None
    assert answer(office, "bank", "user_tasks.assign", shared) is Forbidden


def test_a_named_candidate_and_an_assignee_find_their_task(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        root_id = running_instance(tx).id
        named, given = new_task(tx, root_id, "review", users=("bank",)), new_task(tx, root_id, "review")
        given.assignee = "bank"
    assert answer(office, "bank", "user_tasks.complete", named) is None
    assert answer(office, "bank", "user_tasks.complete", given) is None
    assert answer(office, "bank-2", "user_tasks.complete", named) is NotFound
    assert answer(office, "bank-2", "user_tasks.complete", given) is NotFound


@pytest.mark.parametrize(("act", "said"), [("review", Forbidden), ("decide", Forbidden), ("coordinate", None)])
def test_the_coordinator_convenes_but_never_signs(office: Database, act: str, said: type[EngineError] | None) -> None:
    with office.begin(ENGINE) as tx:
        task = new_task(tx, running_instance(tx).id, act, "lead")
    assert answer(office, "lead", "user_tasks.claim", task) is None
    assert answer(office, "lead", "user_tasks.complete", task) is said


def test_a_supervisor_completes_nothing_even_as_a_candidate(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        task = new_task(tx, running_instance(tx).id, "review", "supervisor")
    assert answer(office, "supervisor", "user_tasks.complete", task) is Forbidden


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("applicant", True),
        ("taxation", True),
        ("bank-head", True),
        ("window", True),
        ("lead", True),
        ("supervisor", True),
        ("government-leader", True),
        ("admin", True),
        ("agent", False),
        ("housing-fund", False),
        ("designer", False),
    ],
)
def test_who_sees_a_case(office: Database, case: Case, login: str, sees: bool) -> None:
    assert answer(office, login, "cases.read", case) is (None if sees else NotFound)
    person = actor(office, login)
    with office.view(person) as tx:
        assert len(tx.session.scalars(select(Case).where(visible_case(person))).all()) == sees


def test_a_confidential_case_is_seen_by_its_participants_only(office: Database) -> None:
    with office.begin(ENGINE) as tx:
        case = new_case(tx, is_confidential=True)
        new_task(tx, case.root_id, "review", "taxation")
        tx.flush()
    for login, said in {
        "taxation": None,
        "applicant": None,
        "supervisor": NotFound,
        "admin": NotFound,
        "window": NotFound,
        "lead": NotFound,
    }.items():
        assert answer(office, login, "cases.read", case) is said


def test_the_window_notifies_before_acceptance_and_the_coordinator_after(office: Database, case: Case) -> None:
    assert answer(office, "window", "corrections.send", case) is None
    assert answer(office, "lead", "corrections.send", case) is Forbidden
    case.accepted_at = case.submitted_at
    assert answer(office, "window", "corrections.send", case) is Forbidden
    assert answer(office, "lead", "corrections.send", case) is None


def test_an_applicant_acts_on_own_cases_only(office: Database, case: Case) -> None:
    assert answer(office, "applicant", "cases.withdraw", case) is None
    assert answer(office, "agent", "cases.withdraw", case) is NotFound
    assert answer(office, "taxation", "cases.withdraw", case) is Forbidden


@pytest.fixture
def material(office: Database) -> Material:
    with office.begin(ENGINE) as tx:
        blob_id = contents.put(tx, b"%PDF")
        material = Material(
            id=tx.new_id(),
            region="000000",
            filename="住所使用证明.pdf",
            media_type="application/pdf",
            size=4,
            sha256="0" * 64,
            blob_id=blob_id,
            uploaded_by="applicant",
            uploaded_at=tx.now,
        )
        tx.add(material)
    return material


def test_a_material_is_its_uploaders_until_a_case_uses_it(office: Database, case: Case, material: Material) -> None:
    assert answer(office, "applicant", "materials.read", material) is None
    assert answer(office, "taxation", "materials.read", material) is NotFound
    material.root_id = case.root_id
    assert answer(office, "taxation", "materials.read", material) is None
    assert answer(office, "housing-fund", "materials.read", material) is NotFound
