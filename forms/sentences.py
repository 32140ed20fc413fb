"""Every sentence a form can say, by code, in Chinese and English. The codes of FIELD are part of the API."""

from forms.errors import Bilingual

FIELD: dict[str, Bilingual] = {
    "required": Bilingual("必须填写。", "Fill this in."),
    "not-ticked": Bilingual("必须勾选。", "Tick this box."),
    "wrong-type": Bilingual("应为{expected_zh}。", "Give {expected_en}."),
    "unprintable": Bilingual(
        "含有无法保存的控制字符，请删除。", "Remove the control characters; they cannot be stored."
    ),
    "too-short": Bilingual("至少需要 {least} 个字符。", "Write at least {least} characters."),
    "too-long": Bilingual("最多允许 {most} 个字符。", "Write at most {most} characters."),
    "pattern": Bilingual("格式不正确：{message}", "The format is wrong: {message}"),
    "email": Bilingual("不是有效的电子邮箱地址。", "This is not an e-mail address."),
    "phone": Bilingual(
        "请按国际格式填写电话号码，例如 +8641112345678。",
        "Write the telephone number in international form, such as +8641112345678.",
    ),
    "too-small": Bilingual("不能小于 {least}。", "This must be at least {least}."),
    "too-large": Bilingual("不能大于 {most}。", "This must be at most {most}."),
    "too-many-decimals": Bilingual("最多允许 {most} 位小数。", "Use at most {most} decimal places."),
    "not-a-multiple": Bilingual("必须是 {step} 的整数倍。", "This must be a multiple of {step}."),
    "not-an-option": Bilingual("所选的值不在可选范围内。", "Choose one of the options offered."),
    "options-unknown": Bilingual(
        "可选项“{source}”未提供，无法核对所选的值。",
        "The options “{source}” were not supplied, so the choice cannot be checked.",
    ),
    "chosen-twice": Bilingual("同一选项不能选择两次。", "Choose each option only once."),
    "time-step": Bilingual("时间必须以 {step} 分钟为间隔。", "Choose a time in steps of {step} minutes."),
    "date-passed": Bilingual("不能早于今天。", "This must not be before today."),
    "too-few-rows": Bilingual("至少需要 {least} 行。", "Give at least {least} rows."),
    "too-many-rows": Bilingual("最多允许 {most} 行。", "Give at most {most} rows."),
    "rows-fixed": Bilingual("此列表固定为 {exactly} 行，不能增减。", "This list has exactly {exactly} rows."),
    "too-many-files": Bilingual("最多允许 {most} 份材料。", "Attach at most {most} materials."),
    "no-answer": Bilingual(
        "表单中的表达式无法计算：{reason_zh}", "An expression of the form has no value: {reason_en}"
    ),
    "no-form-value": Bilingual(
        "表单中的表达式得出了表单不能保存的值（时长、区间）。",
        "An expression of the form results in what no form can hold (a duration, a range).",
    ),
    "circle": Bilingual(
        "表单中的表达式互相依赖，无法得出结果，请联系表单设计人员。",
        "Expressions of the form depend on one another in a circle; tell who designed the form.",
    ),
    "uscc": Bilingual(
        "统一社会信用代码不正确，请核对 18 位代码及其校验码。",
        "This is not a unified social credit code; compare its 18 characters and check digit.",
    ),
    "resident-id": Bilingual(
        "居民身份证号码不正确，请核对 18 位号码、出生日期及校验码。",
        "This is not a resident identity number; compare its 18 characters, birth date and check digit.",
    ),
    "born-later": Bilingual("身份证号码中的出生日期晚于今天。", "The birth date in this number lies in the future."),
    "id-number": Bilingual(
        "证件号码应为 4 至 30 位字母、数字或连字符。", "A document number has 4 to 30 letters, digits or hyphens."
    ),
    "mobile": Bilingual("应为 11 位大陆手机号码。", "Give a mainland mobile number of 11 digits."),
    "money": Bilingual(
        "金额应为不小于 0、最多两位小数的数，例如 500000.00。",
        "Give an amount of 0 or more with at most two decimal places, such as 500000.00.",
    ),
    "percent": Bilingual(
        "百分比应为 0 至 100、最多四位小数的数。", "Give a percentage from 0 to 100 with at most four decimal places."
    ),
}

FORM: dict[str, Bilingual] = {
    "too-large": Bilingual("表单文件超过 {most} KB。", "The form file is larger than {most} KB."),
    "not-json": Bilingual("表单文件不是有效的 JSON：{reason}", "The form file is not valid JSON: {reason}"),
    "unstorable": Bilingual(
        "表单含有无法保存的字符（NUL 或不完整的代理对），请删除。",
        "The form contains characters that cannot be stored (NUL, half of a surrogate pair); remove them.",
    ),
    "too-deep": Bilingual("表单嵌套超过 {most} 层。", "The form is nested more than {most} levels deep."),
    "not-a-form": Bilingual(
        "不是 Camunda 表单：顶层须为 type 为 default、含 components 列表的对象。",
        "This is no Camunda form: it must be an object of type “default” with a list of components.",
    ),
    "form-id": Bilingual("表单 id 必须是文字。", "The form's id must be text."),
    "schema-version": Bilingual(
        "不支持 schemaVersion {version}，支持 1 至 {most}。",
        "schemaVersion {version} is not supported; 1 to {most} are.",
    ),
    "not-a-component": Bilingual("组件必须是 JSON 对象。", "A component must be a JSON object."),
    "component-id": Bilingual(
        "组件 id “{id}”重复或不是文字。", "The component id “{id}” is used twice or is not text."
    ),
    "no-type": Bilingual("组件没有类型（type），请填写。", "The component has no type; name one."),
    "unknown-type": Bilingual("不支持组件类型“{type}”。", "The component type “{type}” is not supported."),
    "feel-not-here": Bilingual(
        "“{where}”须是固定值，不能写 FEEL 表达式。",
        "“{where}” has to be a fixed value; no FEEL expression is evaluated there.",
    ),
    "feel-wanted": Bilingual(
        "“{where}”须是以 = 开头的 FEEL 表达式。", "“{where}” has to be a FEEL expression, which begins with “=”."
    ),
    "feel-syntax": Bilingual(
        "“{where}”的 FEEL 表达式有误：{reason_zh}", "The FEEL expression of “{where}” is wrong: {reason_en}"
    ),
    "unknown-property": Bilingual(
        "属性“{name}”对此类组件不起作用，请删除。", "The property “{name}” has no effect on this component; remove it."
    ),
    "bad-property": Bilingual(
        "属性“{name}”的值无效，应为{expected_zh}。", "The property “{name}” is not valid: it must be {expected_en}."
    ),
    "bad-key": Bilingual(
        "键“{key}”无效：须由字母、数字、下划线组成，以点分段，最多 {most} 段。",
        "The key “{key}” is not valid: use letters, digits and underscores, at most {most} parts joined by dots.",
    ),
    "duplicate-key": Bilingual("键“{key}”与另一组件冲突。", "The key “{key}” collides with another component's."),
    "no-key": Bilingual("缺少键（{name}），提交的值无处保存。", "The key ({name}) is missing: its value has no place."),
    "options-source": Bilingual(
        "选项须且只能来自 values 或 valuesKey 之一。", "Options come from exactly one of values and valuesKey."
    ),
    "bad-pattern": Bilingual(
        "正则表达式无效或不受支持：{reason}", "The pattern is not valid or not supported: {reason}"
    ),
    "costly-pattern": Bilingual(
        "正则表达式在 {most} 个字符的文字上可能回溯过久，请缩小 maxLength、以 ^ 开头或减少 * 和 +。",
        "On a text of {most} characters the pattern could backtrack for too long; "
        "lower maxLength, begin with ^, or use fewer * and +.",
    ),
    "bad-default": Bilingual("默认值不适合此组件：{reason_zh}", "The default value does not fit: {reason_en}"),
    "bad-range": Bilingual("“{low}”大于“{high}”，没有值能通过。", "“{low}” exceeds “{high}”: no value can pass."),
    "unknown-kind": Bilingual(
        "不支持字段类别“{kind}”，或不能用于此类组件。",
        "The field kind “{kind}” is not supported, or not on this component.",
    ),
    "type-field": Bilingual(
        "id-number 须以 type_field 指明同级的单选字段，其固定选项限于：{types}。",
        "id-number needs type_field: the key of a choice beside it whose fixed options are among {types}.",
    ),
    "fixed-rows-nested": Bilingual(
        "嵌套在另一列表中的动态列表必须允许增删行（allowAddRemove）。",
        "A dynamic list inside another list must allow adding and removing rows (allowAddRemove).",
    ),
}


def field_sentence(code: str, **values: object) -> Bilingual:
    """The sentence for one code of FIELD, with the limits filled in."""
    return _filled(FIELD[code], values)


def form_sentence(code: str, **values: object) -> Bilingual:
    """The sentence for one code of FORM, with what was found filled in."""
    return _filled(FORM[code], values)


def _filled(sentence: Bilingual, values: dict[str, object]) -> Bilingual:
    return Bilingual(sentence.zh.format(**values), sentence.en.format(**values))
