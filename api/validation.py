"""The refusal of a request whose fields are not acceptable. Knows neither Flask nor a route."""

from casework.field_faults import FieldFault
from engine.errors import Invalid, Sentence


class RequestRejected(Invalid):
    """Fields of the request are not acceptable; nothing was changed."""

    code = "invalid-request"
    title = Sentence(
        "请求的内容不符合要求，未做任何更改。", "Fields of the request are not acceptable; nothing was changed."
    )

    def __init__(self, fields: list[FieldFault]) -> None:
        self.fields = fields
        super().__init__()
