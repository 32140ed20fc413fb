"""camunda:asyncBefore and asyncAfter: a token waits for a job of its own (Camunda 7)."""

from engine.interpreter.step import WorkKind
from tests.contract.conftest import Run
from tests.diagrams import (
    boundary,
    delegate_task,
    diagram,
    end,
    event_sub_process,
    flows,
    message,
    multi_instance,
    parallel,
    script_task,
    start,
    straight,
    sub_process,
    user_task,
)


def test_before_the_activity_has_not_begun_and_after_it_has_ended(run: Run) -> None:
    twice = script_task("a", "x = ${1}", asyncBefore=True, asyncAfter=True)
    case = run(straight(twice, user_task("u"))).start()
    assert case.tree == ""
    assert case.open("a").kind is WorkKind.CONTINUATION
    assert case.go_on("a").trace == ["+a", "=x", "-a"]
    assert case.tree == ""
    assert case.go_on("a").trace == [">a-u", "+u"]
    assert case.tree == "u"


def test_each_piece_of_work_has_an_id_of_its_own(run: Run) -> None:
    case = run(straight(delegate_task("a", "name", asyncBefore=True, asyncAfter=True))).start()
    ids = [case.open("a").id]
    for answer in (case.go_on, case.complete):
        answer("a")
        ids.append(case.open("a").id)
    assert len(set(ids)) == 3
    assert case.go_on("a").has_ended


def test_the_job_names_the_activity_instance_that_it_begins(run: Run) -> None:
    case = run(straight(user_task("u", asyncBefore=True, jobPriority="9"))).start()
    job = case.open("u")
    assert job.attributes == {"job_priority": "9"}
    case.go_on("u")
    assert case.open("u").id == job.owner_id


def test_every_node_can_wait(run: Run) -> None:
    xml = diagram(start(asyncBefore=True), end(asyncBefore=True), flows("start", "end"))
    case = run(xml).start()
    assert case.go_on("start").trace == ["+start", "-start", ">start-end"]
    assert case.go_on("end").has_ended


def test_a_join_counts_tokens_only_when_their_jobs_have_run(run: Run) -> None:
    xml = diagram(
        start(),
        parallel("g"),
        parallel("j", asyncBefore=True),
        user_task("a"),
        user_task("b"),
        user_task("t"),
        end(),
        flows("start", "g", "a", "j"),
        flows("g", "b", "j", "t", "end"),
    )
    case = run(xml).start().complete("a").complete("b")
    assert case.tree == ""
    assert case.go_on("j").tree == "j"
    assert case.go_on("j").tree == "t"


def test_boundary_events_are_armed_when_the_activity_begins_and_gone_when_it_has_ended(run: Run) -> None:
    xml = diagram(
        start(),
        user_task("u", asyncBefore=True, asyncAfter=True),
        boundary("b", "u", message("m")),
        user_task("h"),
        end(),
        flows("start", "u", "end"),
        flows("b", "h", "end"),
    )
    case = run(xml).start()
    assert case.waits_for == []
    assert case.go_on("u").waits_for == ["message:m@b"]
    assert case.complete("u").waits_for == []
    assert case.go_on("u").has_ended


def test_a_body_waits_once_and_its_items_each_for_themselves(run: Run) -> None:
    of_all = run(straight(user_task("u", multi_instance(cardinality=2), asyncBefore=True))).start()
    assert of_all.tree == ""
    assert of_all.go_on("u").tree == "u#body[u, u]"
    loop = multi_instance(
        collection="items", elementVariable="it", asyncBefore=True, asyncAfter=True, until="${it == 'b'}"
    )
    of_each = run(straight(user_task("u", loop, candidateGroups="${it}"), user_task("n"))).start(items=["a", "b"])
    assert of_each.tree == "u#body"
    of_each.go_on("u")
    assert of_each.tree == "u#body[u]"
    assert of_each.open("u", nth=1).attributes["candidate_groups"] == ["a"]
    of_each.go_on("u").complete("u")
    assert of_each.tree == "u#body[u]"
    assert of_each.go_on("u", nth=1).tree == "u#body[u]"
    assert of_each.complete("u").go_on("u").tree == "n"


def test_a_sub_process_waits_around_its_inside(run: Run) -> None:
    host = sub_process(
        "sp", start("s1"), user_task("u"), end("e1"), flows("s1", "u", "e1"), asyncBefore=True, asyncAfter=True
    )
    case = run(straight(host, user_task("n"))).start()
    assert case.go_on("sp").tree == "sp[u]"
    assert case.complete("u").tree == ""
    assert case.go_on("sp").tree == "n"


def test_what_waits_for_its_job_can_be_cancelled(run: Run) -> None:
    handler = event_sub_process(
        "es", start("es-start", message("m")), user_task("h"), end("es-end"), flows("es-start", "h", "es-end")
    )
    xml = diagram(start(), user_task("u", asyncBefore=True), end(), handler, flows("start", "u", "end"))
    case = run(xml).start().message("m")
    assert case.tree == "es[h]"
    assert case.cancelled == ["u"]
    assert case.ends_of("u") == []
