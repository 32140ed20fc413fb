"""Materials at the door: typed and capped on the way in, an attachment for those who may see it on the way out."""

import hashlib
import io

import pytest

from casework.materials import MOST_BYTES
from tests.served import PDF, Served, application

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_an_upload_answers_its_hash(served: Served) -> None:
    answer = served.person("applicant").post("/materials", {"file": (io.BytesIO(PDF), "证照/身份证.pdf")})

    kept = answer.get_json()
    assert answer.status_code == 201
    assert (kept["filename"], kept["media_type"], kept["size"]) == ("身份证.pdf", "application/pdf", len(PDF))
    assert kept["sha256"] == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("证照.exe", b"MZ"),
        ("证照", PDF),
        ("证照.pdf", PNG),
        ("证照.svg", b"<svg/>"),
        ("证照.html", b"<script>"),
        ("", PDF),
        (f"{'长' * 201}.pdf", PDF),
        ("合同\u202efdp.pdf", PDF),
        ("合同\u200b.pdf", PDF),
    ],
)
def test_what_is_no_material_is_refused(served: Served, name: str, content: bytes) -> None:
    answer = served.person("applicant").post("/materials", {"file": (io.BytesIO(content), name)})

    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "file")


def test_a_second_file_in_one_upload_is_refused(served: Served) -> None:
    files = [(io.BytesIO(PDF), "身份证.pdf"), (io.BytesIO(PDF), "租赁合同.pdf")]

    answer = served.person("applicant").post("/materials", {"file": files})

    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "file")


def test_a_file_beyond_the_cap_is_refused(served: Served) -> None:
    just_over, far_over = (PDF + b" " * size for size in (MOST_BYTES, MOST_BYTES + (1 << 20)))
    applicant = served.person("applicant")

    assert applicant.post("/materials", {"file": (io.BytesIO(just_over), "a.pdf")}).status_code == 422
    assert applicant.post("/materials", {"file": (io.BytesIO(far_over), "a.pdf")}).status_code == 413


def test_a_download_is_the_file_as_an_attachment(served: Served) -> None:
    served.opens()
    applicant = served.person("applicant")
    material = applicant.uploads("住所 filename=x.html.pdf")
    number = served.accepted(materials=[{"kind": "premises", "id": material}])

    answer = served.person("taxation").get(f"/cases/{number}/materials/{material}")

    assert answer.data == PDF
    coded = "%E4%BD%8F%E6%89%80%20filename%3Dx.html.pdf"
    named = f"attachment; filename=\"{coded}\"; filename*=UTF-8''{coded}"
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_material_is_known_only_where_the_case_and_its_kind_are(served: Served) -> None:
    served.opens()
    material = served.person("applicant").uploads()
    number = served.accepted(materials=[{"kind": "identity", "id": material}])
    other = served.accepted()
    path = f"/cases/{number}/materials/{material}"

    assert served.person("taxation").get(path).status_code == 200
    for login in ("bank", "public-security", "agent"):
        assert served.person(login).get(path).status_code == 404
    assert served.person("taxation").get(f"/cases/{other}/materials/{material}").status_code == 404


def test_a_material_of_somebody_else_cannot_be_handed_in(served: Served) -> None:
    served.opens()
    material = served.person("agent").uploads()

    refused = served.person("applicant").post("/cases", application(materials=[{"kind": "identity", "id": material}]))

    assert refused.get_json()["errors"][0]["path"] == "materials[0].id"


def test_a_material_serves_one_case(served: Served) -> None:
    served.opens()
    handed_in = [{"kind": "identity", "id": served.person("applicant").uploads()}]
    served.submits(materials=handed_in)

    assert served.person("applicant").post("/cases", application(materials=handed_in)).status_code == 422


def test_a_field_in_place_of_the_file_is_refused(served: Served) -> None:
    answer = served.person("applicant").post("/materials", {"file": "text", "more": (io.BytesIO(PDF), "a.pdf")})

    assert answer.status_code == 422
