"""The catalogue at the door: what an applicant reads before applying, in the version that counts today."""

from tests.served import APPLICATION_FORM, Served, application, item


def test_the_list_shows_each_item_once_in_the_version_that_counts(served: Served) -> None:
    served.opens()
    served.deploy(item_toml=item(body="行政审批局"))

    page = served.person("applicant").json("/items")

    assert [(row["code"], row["version"], row["body"]) for row in page["rows"]] == [("opening", 2, "行政审批局")]
    assert page["next"] is None
    assert page["rows"][0]["promised"] == "10WD"


def test_a_version_to_come_does_not_count_yet(served: Served) -> None:
    served.opens()
    served.deploy(item_toml=item().replace(b"in_force_on = 2026-01-01", b"in_force_on = 2026-07-01"))

    assert served.person("applicant").json("/items/opening")["version"] == 1

    served.world.days_pass(130)
    assert served.person("applicant").json("/items/opening")["version"] == 2


def test_items_are_found_by_a_part_of_the_name_and_by_whether_they_are_in_force(served: Served) -> None:
    served.opens()
    applicant = served.person("applicant")

    assert len(applicant.json("/items?q=企业")["rows"]) == 1
    assert applicant.json("/items?q=50%")["rows"] == []
    assert len(applicant.json("/items?in_force=true")["rows"]) == 1
    assert applicant.json("/items?in_force=false")["rows"] == []


def test_the_guide_publishes_limits_law_materials_and_participants(served: Served) -> None:
    guide = served.opens().person("applicant").json("/items/opening")

    document = guide["document"]
    assert guide["in_force"] is True
    assert document["limits"]["statutory"] == "20WD"
    assert document["basis"] == [{"law": "市场主体登记管理条例", "article": "第三条"}]
    assert [material["code"] for material in document["materials"]] == ["identity", "premises"]
    assert document["participants"][2]["fields"] == ["company"]


def test_the_form_is_the_camunda_form_as_deployed(served: Served) -> None:
    shown = served.opens().person("applicant").json("/items/opening/form")

    assert (shown["key"], shown["form"]) == ("application", APPLICATION_FORM)


def test_an_english_reader_reads_the_english_name(served: Served) -> None:
    served.opens()

    assert served.person("applicant", "en").json("/items/opening")["name"] == "Opening a company"
    assert served.person("applicant").json("/items/opening")["name"] == "企业开办"


def test_an_unknown_item_is_not_found(served: Served) -> None:
    assert served.person("applicant").get("/items/nothing").status_code == 404
    assert served.person("applicant").get("/items/nothing/form").status_code == 404


def test_only_an_item_in_force_can_be_applied_for(served: Served) -> None:
    served.opens()
    served.deploy(item_toml=item().replace(b"in_force_on = 2026-01-01", b"out_of_force_on = 2026-02-01"))

    refused = served.person("applicant").post("/cases", application())

    assert refused.status_code == 409
    assert served.person("applicant").json("/items/opening")["in_force"] is False


def test_a_case_keeps_the_item_version_it_began_under(served: Served) -> None:
    number = served.opens().submits()["number"]
    served.deploy(item_toml=item(body="行政审批局"))

    assert served.person("applicant").json(f"/cases/{number}")["item_version"] == 1


def test_the_catalogue_asks_for_a_login(served: Served) -> None:
    assert served.anybody.get("/items").status_code == 401
