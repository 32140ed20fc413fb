"""The links that Camunda Modeler builds after a deployment and a start lead to this server (well-known document)."""

import json
from urllib.parse import quote

from tests.api.engine_rest.conftest import Tried
from tests.diagrams import straight, user_task

WELL_KNOWN = "/.well-known/camunda-automation-platform/webapps"


def test_the_links_of_the_modeler_lead_to_what_was_deployed_and_started(tried: Tried) -> None:
    tried.deploy(straight(user_task("check")))
    anybody = tried.served.app.test_client()
    told = anybody.get(WELL_KNOWN).get_json()
    assert set(told) == {"cockpitUrl", "adminUrl", "tasklistUrl"}
    base = told["cockpitUrl"].removeprefix("http://localhost")
    [deployment] = tried.reads("/deployment")
    started = tried.start()
    asked = quote(json.dumps([{"type": "id", "operator": "eq", "value": deployment["id"]}]))
    links = {
        f"{base}repository?deploymentsQuery={asked}": f"/engine-rest/deployment/{deployment['id']}/resources",
        f"{base}process-instance/{started}": f"/engine-rest/process-instance/{started}/activity-instances",
        f"{base}repository?deploymentsQuery=nothing": "/engine-rest/deployment",
    }
    for link, leads_to in links.items():
        followed = anybody.get(link)
        assert (followed.status_code, followed.headers["Location"]) == (302, leads_to)
        assert anybody.get(leads_to).status_code == 401
        assert tried.admin.get(leads_to).status_code == 200


def test_history_is_kept_for_as_long_as_an_administrator_says(tried: Tried) -> None:
    tried.deploy(straight(user_task("check")))
    definition = "/process-definition/key/approval"
    tried.does("PUT", f"{definition}/history-time-to-live", {"historyTimeToLive": 30})
    assert tried.reads(definition)["historyTimeToLive"] == 30
    tried.does("PUT", f"{definition}/history-time-to-live", {"historyTimeToLive": None})
    assert tried.reads(definition)["historyTimeToLive"] is None
    for wrong in (-1, 36_501, "soon"):
        tried.does("PUT", f"{definition}/history-time-to-live", {"historyTimeToLive": wrong}, status=400)
    tried.does("PUT", f"{definition}/history-time-to-live", {"historyTimeToLive": 1}, by="designer", status=403)
