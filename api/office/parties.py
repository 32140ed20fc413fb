"""A person or a department as somebody that something is given to, asked of or sent to."""

from collections.abc import Mapping

import marshmallow as ma

from api.office.fields import DepartmentShown, OfficialShown
from casework import parties
from engine.errors import Fault, Invalid, Sentence
from engine.tables import Party

CODE = ma.validate.Length(1, 64)
ONE_OF_THEM = Sentence("login 与 department 须填且只填一项。", "Give either a login or a department.")


class PartyNamed(ma.Schema):
    """Either a person or a department."""

    login = ma.fields.String(load_default=None, allow_none=True, validate=CODE)
    department = ma.fields.String(load_default=None, allow_none=True, validate=CODE)


class PartyShown(ma.Schema):
    """Either a person or a department; the other is null."""

    person = ma.fields.Nested(OfficialShown, allow_none=True)
    department = ma.fields.Nested(DepartmentShown, allow_none=True)


def party(named: Mapping[str, str | None], path: str = "to") -> Party:
    """Who is meant. Raises Invalid for both or neither."""
    login, department = named["login"], named["department"]
    if login is not None and department is None:
        return parties.person(login)
    if department is not None and login is None:
        return parties.department(department)
    raise Invalid(faults=[Fault(ONE_OF_THEM, path)])
