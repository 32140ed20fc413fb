"""The office's cases and supervision orders are records: the clean-up of history never takes them."""

from datetime import timedelta

from engine import history_cleanup
from engine.ports import ENGINE
from engine.tables import ProcessInstance
from tests.diagrams import straight, user_task
from tests.served import Served, joint_approval


def test_a_case_is_never_cleaned_up_whatever_its_diagram_says(served: Served) -> None:
    kept_a_day = joint_approval().replace(b"<process ", b'<process camunda:historyTimeToLive="1" ', 1)
    served.opens(drawn=kept_a_day)
    number = str(served.submits()["number"])
    window = served.person("window")
    assert window.post(f"/cases/{number}/decline", {"comment": "不属于本机关职权范围"}).status_code == 200
    window.does(number)
    served.world.now += timedelta(days=90)

    with served.database.begin(ENGINE) as tx:
        assert history_cleanup.clean(tx) == 1

    assert window.json(f"/cases/{number}")["number"] == number
    with served.database.begin(ENGINE) as tx:
        assert history_cleanup.clean(tx) == 0


def test_a_process_of_no_case_is_cleaned_up_with_its_evidence(served: Served) -> None:
    errand = straight(user_task("a", candidateGroups="window"), key="errand", historyTimeToLive=1)
    served.deploy(errand_bpmn=errand)
    served.person("admin").post("/engine-rest/process-definition/key/errand/start", {})
    window = served.person("window")
    assert window.post(f"/inbox/{window.task()}/complete", {}).status_code == 200
    served.world.now += timedelta(days=2)

    with served.database.begin(ENGINE) as tx:
        assert history_cleanup.clean(tx) == 1

    with served.database.view(ENGINE) as tx:
        assert tx.session.query(ProcessInstance).count() == 0
