"""What the law wants of an item's document: the term of its handling mode, whose silence approves, what a supplement
does."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from casework import handling_modes
from casework.handling_modes import HandlingMode
from casework.item_fields import Text
from casework.workdays import Limit
from engine.errors import Fault, Sentence
from forms import Form

RESUME, RESTART = "resume", "restart"
TAKE, REFUSE = "take", "refuse"
MOST_ROWS = 200
NEVER_TACIT = Sentence(
    "该部门的事项涉及安全（safety_critical），不得超时默许。",
    "What this department examines is safety-critical: its silence never approves.",
)


class TacitSchema(Schema):
    """Whose silence approves (超时默许), and the law that says so: all steps of a department, or those of one limit."""

    role = Text(required=True)
    step = Text(load_default=None, allow_none=True)
    basis = Text(required=True)


class RenewalSchema(Schema):
    """A renewal (延续, 行政许可法 art. 50): `expires_on` names the form's date field with the old permit's last day.

    Who applies `days_before` natural days before it or earlier has it granted when nobody decides; a later application
    is taken without that, or refused (`late`).
    """

    expires_on = Text(required=True)
    days_before = fields.Integer(load_default=30, strict=True, validate=validate.Range(0, 366))
    late = Text(load_default=TAKE, validate=validate.OneOf((TAKE, REFUSE)))


def stranger(role: str) -> Sentence:
    """What is said of a role that takes no part."""
    return Sentence(f"“{role}”不是参与部门。", f"“{role}” is no participant.")


def unknown_field(document: Mapping[str, Any], form: Form) -> Iterator[Fault]:
    """The field by which a renewal knows the old permit's last day; one that the form does not have grants nothing."""
    name = (document.get("renewal") or {}).get("expires_on")
    if name is not None and name not in {field.path for field in form.fields}:
        zh = f"[renewal] 的 expires_on “{name}”不是申请表“{form.id}”的字段。"
        en = f"“{name}”, the expires_on of [renewal], is no field of the application form “{form.id}”."
        yield Fault(Sentence(zh, en))


class LawfulSchema(Schema):
    """The part of an item that the law has rules for.

    `handling_mode` says by which term of 行政许可法 art. 42 it is decided; unsaid, several participants handle jointly.
    `on_supplement`: when the applicant has supplemented, the office's time goes on, or starts again (政府信息公开条例
    art. 30).
    """

    handling_mode = Text(
        load_default=None, allow_none=True, validate=validate.OneOf([mode.value for mode in HandlingMode])
    )
    on_supplement = Text(load_default=RESUME, validate=validate.OneOf((RESUME, RESTART)))
    renewal = fields.Nested(RenewalSchema, load_default=None, allow_none=True)
    tacit = fields.List(fields.Nested(TacitSchema), load_default=list, validate=validate.Length(max=MOST_ROWS))

    @validates_schema(skip_on_field_errors=False)
    def licences_keep_the_term_of_the_law(self, data: dict[str, Any], **_: Any) -> None:
        """A licence is decided within the term of its handling mode, unless another law gives more time (art. 42)."""
        limits = data.get("limits", {})
        statutory, other_law = limits.get("statutory"), limits.get("statutory_basis")
        if data.get("kind") != handling_modes.LICENCE or statutory is None or other_law:
            return
        mode = data.get("handling_mode") or handling_modes.usual(len(data.get("participants", ())))
        term = handling_modes.TERMS[HandlingMode(mode)]
        if handling_modes.is_longer(Limit.parse(statutory), term.limit):
            raise ValidationError({"limits": {"statutory_basis": [handling_modes.too_long(term)]}})

    @validates_schema(skip_on_field_errors=False)
    def silence_approves_only_what_may_be_approved_so(self, data: dict[str, Any], **_: Any) -> None:
        """超时默许 is of a participant, and never of what is safety-critical."""
        critical = {part.get("role"): part.get("safety_critical", False) for part in data.get("participants", ())}
        faults = {}
        for place, said in enumerate(data.get("tacit", ())):
            if "role" in said and critical.get(said["role"], True):
                told = NEVER_TACIT if said["role"] in critical else stranger(said["role"])
                faults[place] = {"role": [told]}
        if faults:
            raise ValidationError({"tacit": faults})
