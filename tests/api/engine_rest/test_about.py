"""What a server says about itself, and what a password has to be."""

from casework import migrations, passwords
from tests.served import Served

REST = "/engine-rest"
POLICY = f"{REST}/identity/password-policy"


def test_the_page_about_the_server_says_what_is_true_and_nothing_personal(served: Served) -> None:
    found = served.person("admin").json(f"{REST}/engine/default/telemetry/data")

    database = found["product"]["internals"].pop("database")
    assert found == {
        "installation": None,
        "product": {
            "name": "Lianban",
            "version": "7.24.0",
            "edition": None,
            "internals": {
                "application-server": None,
                "jdk": None,
                "license-key": None,
                "camunda-integration": [],
                "commands": {},
                "metrics": {},
                "webapps": [],
                "data-collection-start-date": None,
            },
        },
    }
    assert database["vendor"] in ("SQLite", "PostgreSQL")
    assert database["version"][0].isdecimal()


def test_nothing_is_reported_and_that_cannot_be_changed(served: Served) -> None:
    admin = served.person("admin")

    assert admin.json(f"{REST}/telemetry/configuration") == {"enableTelemetry": False}
    assert admin.post(f"{REST}/telemetry/configuration", {"enableTelemetry": True}).status_code == 403


def test_the_revision_of_the_tables_is_told(served: Served) -> None:
    [newest] = migrations.newest()

    assert served.person("admin").json(f"{REST}/schema/log") == [{"id": newest, "timestamp": None, "version": newest}]
    assert served.person("admin").json(f"{REST}/schema/log?firstResult=1") == []


def test_a_server_is_described_to_those_who_design_and_administer(served: Served) -> None:
    for path in ("/telemetry/data", "/telemetry/configuration", "/schema/log"):
        assert served.person("window").get(REST + path).status_code == 403


def test_a_password_is_checked_by_the_rules_that_count(served: Served) -> None:
    window = served.person("window")
    rules = window.json(POLICY)["rules"]

    def kept(password: str) -> tuple[bool, list[bool]]:
        said = window.post(POLICY, {"password": password, "profile": {"id": "ye-zhiqiu-1"}}).get_json()
        assert [one["placeholder"] for one in said["rules"]] == [one["placeholder"] for one in rules]
        return said["valid"], [one["valid"] for one in said["rules"]]

    assert rules[0] == {
        "placeholder": "PASSWORD_POLICY_LENGTH",
        "parameter": {"minLength": str(passwords.SHORTEST), "maxLength": str(passwords.LONGEST)},
    }
    assert kept("秋" * passwords.SHORTEST) == (True, [True, True])
    assert kept("x" * (passwords.SHORTEST - 1)) == (False, [False, True])
    assert kept("x" * (passwords.LONGEST + 1)) == (False, [False, True])
    assert kept("ye-zhiqiu-1") == (False, [True, False])


def test_a_password_is_asked_about_without_a_profile_but_not_without_a_password(served: Served) -> None:
    window = served.person("window")

    assert window.post(POLICY, {"password": "x" * 20}).get_json()["valid"] is True
    assert window.post(POLICY, {"profile": None}).status_code == 400
    assert served.anybody.get(POLICY).status_code == 401
