"""What a department decided on stays readable after the case is over."""

from tests.served import Served


def test_the_application_can_be_read_after_the_case_is_over(served: Served) -> None:
    number = served.opens().accepted()
    officer = served.person("taxation")
    path = f"/inbox/{officer.task()}"
    officer.does(number, "agree", finding="符合")
    applied = officer.json(path)["application"]

    ended = served.person("applicant").post(f"/cases/{number}/withdraw", {"reason": "合伙人退出"})

    assert ended.status_code == 200
    assert applied == {"company": "临安知微生物科技有限公司", "staff": 12, "secret": "N-17"}
    assert officer.json(path)["application"] == applied
