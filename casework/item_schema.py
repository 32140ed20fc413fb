"""The shape of an item.toml: the published fields of a service guide (事项名称, 事项类型, 办件类型, 通办范围 …)."""

import re
from collections.abc import Container, Iterable
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from casework import ladders, matters
from casework.clock_reasons import PROCEDURES
from casework.item_fields import Text, limit
from casework.item_law import LawfulSchema, stranger
from casework.ladders import Action, Against, Light, Recipient
from casework.yes_or_no import YesOrNo
from engine.errors import Sentence

MATERIAL_NECESSITY = ("required", "conditional", "deferrable")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")  # it stands in addresses
YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")  # expressions read it as ${rounds.name}
MOST_ROWS = 200
MOST_COLUMNS = 20
MOST_ROUNDS = 100
CASE_KINDS = ("instant", "promised")
ONE_LEAD = Sentence("须有且只有一个 lead = true。", "Exactly one participant must lead.")
NO_AMOUNT = Sentence(
    '应为元，至多两位小数，例如 "1200.00"。', 'Write yuan with at most two decimals, such as "1200.00".'
)
NOT_WHOLE = Sentence("各账户的比例之和须为 100。", "The percentages of the accounts must add up to 100.")
WHOLE = 100
ONE_TRIGGER = Sentence("used、before、after 须填且只填一个。", "Exactly one of used, before and after must be there.")
NO_SUCH_LIMIT = Sentence(
    "该时限没有这种期限：step 只用于 task，statutory 用于 receipt、promised、statutory、delivery。",
    "That clock has no such limit: step is for task alone, statutory for receipt, promised, statutory and delivery.",
)
SAME_RUNG = Sentence("同一时限已有相同的一级。", "The same rung is there already for this clock.")
TWICE = Sentence("编码重复。", "The code is there twice.")


class ParticipantSchema(Schema):
    """A department's part (参与部门). `fields` and `materials` limit what it sees; missing, it sees all. A part of a
    group, or of a list's rows, is named with a dot: `legal_representative.name`. Silence never approves what is
    `safety_critical`."""

    role = Text(required=True)
    lead = YesOrNo(load_default=False)
    limit = limit(load_default=None, allow_none=True)
    fields_ = fields.List(Text(), data_key="fields", attribute="fields", load_default=None, allow_none=True)
    materials = fields.List(Text(), load_default=None, allow_none=True)
    sees_opinions = YesOrNo(load_default=True)
    safety_critical = YesOrNo(load_default=False)


def is_cell(said: object) -> None:
    """A cell of a decision table is a list of allowed values or a comparison."""
    try:
        matters.test_of(said)
    except matters.Unreadable as wrong:
        raise ValidationError([wrong.sentence]) from wrong


def is_amount(text: str) -> None:
    """Yuan to the cent, such as "1200.00"."""
    if not YUAN.fullmatch(text):
        raise ValidationError([NO_AMOUNT])


def rows() -> fields.Field[Any]:
    """The rows of a decision table over fields of the application form."""
    cells = fields.Dict(keys=Text(), values=fields.Raw(validate=is_cell), validate=validate.Length(1, MOST_COLUMNS))
    return fields.List(cells, load_default=list, validate=validate.Length(max=MOST_ROWS))


class MatterSchema(Schema):
    """A matter (专项) and when it takes part: `when` are rows over fields of the form, any of which is enough."""

    code = Text(required=True, validate=validate.Regexp(CODE))
    name = Text(required=True)
    name_en = Text(required=True)
    role = Text(required=True)
    limit = limit(load_default=None, allow_none=True)
    when = rows()


class MaterialSchema(Schema):
    """A material (申请材料): name, whether it must be there, where it comes from. `within`: how long a deferrable one
    may be outstanding (容缺)."""

    code = Text(required=True)
    name = Text(required=True)
    name_en = Text(required=True)
    necessity = Text(load_default="required", validate=validate.OneOf(MATERIAL_NECESSITY))
    source = Text(required=True)
    form = Text(required=True)
    copies = fields.Integer(load_default=1, strict=True, validate=validate.Range(0, 1000))
    within = limit(load_default=None, allow_none=True)


class DeferralSchema(Schema):
    """What becomes of a case when what was deferred (容缺) does not come in time: refused, or deemed withdrawn."""

    missed = Text(load_default="withdraw", validate=validate.OneOf(("refuse", "withdraw")))


class AccountSchema(Schema):
    """An account that gets a share of a fee (分户划转), in whole percent."""

    account = Text(required=True)
    percent = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))


class FeeSchema(Schema):
    """A fee (收费项目) with the law that allows it (行政许可法 art. 58): the amount in yuan, for each unit of the field
    `per` where one is named; `when` it is charged; which accounts share it."""

    code = Text(required=True, validate=validate.Regexp(CODE))
    name = Text(required=True)
    name_en = Text(required=True)
    role = Text(required=True)
    amount = Text(required=True, validate=is_amount)
    per = Text(load_default=None, allow_none=True)
    basis = Text(required=True, validate=validate.Length(min=1))
    when = rows()
    shares = fields.List(fields.Nested(AccountSchema), required=True, validate=validate.Length(1, MOST_COLUMNS))

    @validates_schema
    def shares_are_the_whole(self, data: dict[str, Any], **_: Any) -> None:
        """The shares of a fee add up to all of it."""
        if sum(one["percent"] for one in data["shares"]) != WHOLE:
            raise ValidationError([NOT_WHOLE], "shares")


class PaymentSchema(Schema):
    """Whether the clocks stand still while the applicant has to pay (等待缴费)."""

    pauses = YesOrNo(load_default=True)


class ResultSchema(Schema):
    """A result (审批结果): a licence, a receipt, a number; which department issues it."""

    name = Text(required=True)
    role = Text(required=True)


class FrequentQuestionSchema(Schema):
    """A frequent question (常见问题)."""

    question = Text(required=True)
    answer = Text(required=True)


class BasisSchema(Schema):
    """The law an item rests on (设定依据)."""

    law = Text(required=True)
    article = Text(required=True)


class LimitsSchema(Schema):
    """The limits (时限): statutory, promised, before the reform, the applicant's, delivery, and named ones of steps.

    `extension` is by how much a term may be extended where 行政许可法 art. 42 does not say it, `application` how long
    an application within the office waits for its answer; a hearing is held within `hearing`, and `hearing_notice`
    after it was announced (arts. 47, 48); a special procedure ends within `special_procedure`. Whose silence approved
    gives the paper within `tacit_paper`; on whom a card falls explains it within `explanation`.
    `statutory_basis` is the law that gives more time than art. 42. `rounds` say how often something may be
    tried again, such as sending an objection back.
    """

    receipt = limit(load_default="5WD")
    promised = limit(required=True)
    statutory = limit(load_default=None, allow_none=True)
    statutory_basis = Text(load_default=None, allow_none=True, validate=validate.Length(min=1))
    before_reform = limit(load_default=None, allow_none=True)
    extension = limit(load_default=None, allow_none=True)
    special_procedure = limit(load_default="60WD")
    hearing = limit(load_default="20WD")
    hearing_notice = limit(load_default="7WD")
    application = limit(load_default="3WD")
    correction = limit(load_default="10WD")
    tacit_paper = limit(load_default="1WD")
    explanation = limit(load_default="3WD")
    delivery = limit(load_default="10WD")
    steps = fields.Dict(keys=Text(), values=limit(), load_default=dict)
    rounds = fields.Dict(
        keys=Text(validate=validate.Regexp(NAME)),
        values=fields.Integer(strict=True, validate=validate.Range(0, MOST_ROUNDS)),
        load_default=dict,
    )


class RungSchema(Schema):
    """A rung of the ladder (预警阶梯): at which moment of a clock which signal goes to whom, and what is done."""

    clock = Text(required=True, validate=validate.OneOf(ladders.CLOCKS))
    used = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 100))
    before = limit(load_default=None, allow_none=True)
    after = limit(load_default=None, allow_none=True)
    against = Text(load_default=Against.PROMISED.value, validate=validate.OneOf([*Against]))
    signal = Text(required=True, validate=validate.OneOf([*Light]))
    recipients = fields.List(
        Text(validate=validate.OneOf([*Recipient])), required=True, validate=validate.Length(min=1)
    )
    action = Text(load_default=Action.CARD.value, validate=validate.OneOf([*Action]))

    @validates_schema
    def has_one_trigger(self, data: dict[str, Any], **_: Any) -> None:
        """A rung is reached at one moment."""
        if sum(data[trigger] is not None for trigger in ("used", "before", "after")) != 1:
            raise ValidationError([ONE_TRIGGER], "used")

    @validates_schema
    def measures_a_limit_of_its_clock(self, data: dict[str, Any], **_: Any) -> None:
        """A department's share and a step have no limit of the law's."""
        if data["clock"] not in ladders.MEASURED_BY[Against(data["against"])]:
            raise ValidationError([NO_SUCH_LIMIT], "against")


class SpecialProcedureSchema(Schema):
    """A special procedure (特别程序) and the law by which its time is not counted, where art. 45 is not it."""

    kind = Text(required=True, validate=validate.OneOf(tuple(PROCEDURES)))
    basis = Text(required=True, validate=validate.Length(min=1))


class GuideSchema(Schema):
    """What an applicant reads before applying (办事指南)."""

    scope = Text(required=True)
    place = Text(required=True)
    office_hours = Text(required=True)
    phone = Text(required=True)
    complaint_phone = Text(required=True)
    visits = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1000))
    conditions = fields.List(Text(), required=True)


def _untold(title: str) -> Sentence:
    return Sentence(
        f"办件以“{title}”为名列出，fields 须包含它。",
        f"Lists call a case by “{title}”, so fields must name it.",
    )


def _strangers(parts: Iterable[dict[str, Any]], roles: Container[str]) -> dict[int, dict[str, list[Sentence]]]:
    known: set[str] = set()
    faults: dict[int, dict[str, list[Sentence]]] = {}
    for number, part in enumerate(parts):
        role, code = part.get("role"), part.get("code")
        if role is not None and role not in roles:
            faults[number] = {"role": [stranger(role)]}
        if code in known:
            faults.setdefault(number, {})["code"] = [TWICE]
        known.update(filter(None, [code]))
    return faults


class ItemSchema(LawfulSchema):
    """One item (事项). `process` and `form` are keys of the deployed diagram and application form."""

    code = Text(required=True, validate=validate.Regexp(CODE))
    basic_code = Text(load_default=None, allow_none=True)
    name = Text(required=True)
    name_en = Text(required=True)
    kind = Text(required=True)
    case_kind = Text(required=True, validate=validate.OneOf(CASE_KINDS))
    level = Text(required=True)
    body = Text(required=True)
    applicants = fields.List(Text(), required=True)
    process = Text(required=True)
    form = Text(required=True)
    title = Text(load_default=None, allow_none=True)
    in_force_on = fields.Date(load_default=None, allow_none=True)
    out_of_force_on = fields.Date(load_default=None, allow_none=True)
    document_number = fields.String(load_default=None, allow_none=True)
    confidential = YesOrNo(load_default=False)
    limits = fields.Nested(LimitsSchema, required=True)
    special_procedures = fields.List(
        fields.Nested(SpecialProcedureSchema), load_default=list, validate=validate.Length(max=MOST_ROWS)
    )
    guide = fields.Nested(GuideSchema, required=True)
    basis = fields.List(fields.Nested(BasisSchema), required=True, validate=validate.Length(min=1))
    participants = fields.List(fields.Nested(ParticipantSchema), required=True, validate=validate.Length(1, MOST_ROWS))
    matters_decision = Text(load_default=None, allow_none=True, validate=validate.Length(1, 255))
    matters = fields.List(fields.Nested(MatterSchema), load_default=list, validate=validate.Length(max=MOST_ROWS))
    materials = fields.List(fields.Nested(MaterialSchema), load_default=list, validate=validate.Length(max=MOST_ROWS))
    fees = fields.List(fields.Nested(FeeSchema), load_default=list, validate=validate.Length(max=MOST_ROWS))
    deferral = fields.Nested(DeferralSchema, load_default=lambda: DeferralSchema().load({}))
    payment = fields.Nested(PaymentSchema, load_default=lambda: PaymentSchema().load({}))
    ladder = fields.List(fields.Nested(RungSchema), load_default=list, validate=validate.Length(max=MOST_ROWS))
    results = fields.List(fields.Nested(ResultSchema), load_default=list)
    questions = fields.List(fields.Nested(FrequentQuestionSchema), load_default=list)

    # Also when a field is wrong: whoever wrote the document learns everything at once.
    @validates_schema(skip_on_field_errors=False)
    def has_one_lead(self, data: dict[str, Any], **_: Any) -> None:
        """Exactly one participant leads (牵头部门)."""
        said = data.get("participants")
        if said is not None and sum(participant.get("lead", False) for participant in said) != 1:
            raise ValidationError([ONE_LEAD], "participants")

    @validates_schema
    def rungs_differ(self, data: dict[str, Any], **_: Any) -> None:
        """A clock has each rung once, so that what has been done about it can be told."""
        rungs = [(rung.clock, rung.key) for rung in map(ladders.read, data["ladder"])]
        twice = [place for place, rung in enumerate(rungs) if rung in rungs[:place]]
        if twice:
            raise ValidationError({"ladder": {place: {"signal": [SAME_RUNG]} for place in twice}})

    @validates_schema(skip_on_field_errors=False)
    def titles_are_open(self, data: dict[str, Any], **_: Any) -> None:
        """What a case is called stands in every list, so whoever takes part has to be allowed to read it."""
        title = data.get("title") or ""
        named = {place: part.get("fields") for place, part in enumerate(data.get("participants", ()))}
        lacking = [place for place, fields in named.items() if title and fields is not None and title not in fields]
        if lacking:
            raise ValidationError({"participants": {place: {"fields": [_untold(title)]} for place in lacking}})

    @validates_schema(skip_on_field_errors=False)
    def parts_are_of_participants(self, data: dict[str, Any], **_: Any) -> None:
        """Every matter and every fee has a code of its own and belongs to a participant."""
        roles = {participant.get("role") for participant in data.get("participants", ())}
        faults = {part: _strangers(data.get(part, ()), roles) for part in ("matters", "fees")}
        if any(faults.values()):
            raise ValidationError({part: told for part, told in faults.items() if told})
