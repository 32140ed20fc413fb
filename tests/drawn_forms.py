"""The words in which tests draw small forms and read what became of a submission."""

import json
from typing import Any

import pytest

from forms import Form, FormRejected, compile_form

Component = dict[str, Any]


def form(*components: Component) -> Form:
    return compile_form(json.dumps({"type": "default", "components": components}).encode())


def rejection(compiled: Form, values: object, **circumstances: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormRejected) as rejected:
        compiled.check(values, **circumstances)
    return [(fault.path, fault.code) for fault in rejected.value.faults]


def outcome(component: Component, value: object, **circumstances: Any) -> object:
    """The stored value, or the code of the one fault."""
    try:
        return form({"key": "it", **component}).check({"it": value}, **circumstances)["it"]
    except FormRejected as rejected:
        [fault] = rejected.faults
        return fault.code


def options(*values: object) -> list[Component]:
    return [{"label": str(value), "value": value} for value in values]


TEXT = {"type": "textfield"}
NUMBER = {"type": "number"}
FIGURE = {"type": "number", "serializeToString": True}
TICK = {"type": "checkbox"}
RADIO = {"type": "radio", "values": options("limited", "partnership")}
TAGS = {"type": "taglist", "values": options("fire", "tax")}
FILE = {"type": "filepicker"}
REQUIRED = {"validate": {"required": True}}
TIME = {"type": "datetime", "subtype": "time"}
MOMENT = {"type": "datetime", "subtype": "datetime", "timeSerializingFormat": "utc_offset"}
SHAREHOLDERS = {
    "type": "dynamiclist",
    "path": "shareholders",
    "isRepeating": True,
    "allowAddRemove": True,
    "properties": {"min_rows": "1", "max_rows": "3"},
    "components": [
        {"type": "textfield", "key": "name", **REQUIRED},
        {"type": "select", "key": "id_type", "values": options("resident-id", "uscc", "passport"), **REQUIRED},
        {
            "type": "textfield",
            "key": "id_number",
            "properties": {"kind": "id-number", "type_field": "id_type"},
            **REQUIRED,
        },
    ],
}
