"""A designer may put values of the case into a step's name; they are told only to those who may know them."""

from tests.served import Served, joint_approval

NAMED = joint_approval().replace("taxation 审查".encode(), "${secret} 审查".encode())


def test_a_step_is_called_by_values_to_those_who_may_know_them(served: Served) -> None:
    receipt = served.opens(drawn=NAMED).submits()
    number = receipt["number"]
    served.person("window").post(f"/cases/{number}/accept")
    served.person("taxation").does(number, "agree", finding="符合规定")

    told = {
        login: [served.person(login).get(f"/cases/{number}{page}").text for page in ("", "/diagram.svg")]
        for login in ("window", "market-regulation", "bank")
    }
    query = f"number={number}&query_code={receipt['query_code']}"
    public = [served.anybody.get(f"/public/progress{page}?{query}").text for page in ("", "/diagram.svg")]

    assert all("N-17 审查" in told[login][0] for login in ("window", "market-regulation"))
    assert [page for page in (*told["bank"], *public) if "N-17" in page] == []
    assert "… 审查" in told["bank"][0]
    assert "… 审查" in public[0]
