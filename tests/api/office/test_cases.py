"""A case at the door: handed in once, accepted or declined by the window, read by each as far as it concerns them."""

from tests.served import Served


def test_a_submission_gets_a_number_and_a_query_code(served: Served) -> None:
    served.opens()

    receipt = served.submits()

    assert receipt["number"].startswith("00000020260302")
    assert len(receipt["query_code"]) == 8
    assert receipt["state"] == "RECEIVED"
    assert receipt["title"] == "临安知微生物科技有限公司"


def test_the_course_of_a_case(served: Served) -> None:
    number = served.opens().accepted()
    for login in ("market-regulation", "taxation", "bank"):
        served.person(login).does(number, "agree", finding="符合规定")
    served.person("window").does(number)

    case = served.person("window").json(f"/cases/{number}")
    print(served.person("taxation", "en").get(f"/cases/{number}").text)
    assert case["state"] == "CONCLUDED"
