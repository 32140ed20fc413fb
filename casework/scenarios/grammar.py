"""The closed list of verbs a scenario file may use, and what each is told. Tables only; processes/README.md shows them.

Names are those of the office's commands. A test compares this list with the verbs that run and with the page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import Sentence

NUMBER = (int, float)

KINDS: Mapping[type | tuple[type, ...], Sentence] = {
    str: Sentence("文字（数字请加引号）", "text (quote what is made of digits)"),
    NUMBER: Sentence("数字", "a number"),
    dict: Sentence("“名称: 值”", "“name: value” pairs"),
    list: Sentence("列表", "a list"),
    bool: Sentence("true 或 false", "true or false"),
}

Kind = type | tuple[type, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a verb is told: one value (`whole`), or named arguments; with `free`, names of the scenario's choosing."""

    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)
    whole: Kind | None = None
    free: Kind | None = None


def told(required: str = "", optional: str = "") -> Form:
    """Named arguments, each of the kind that its name has everywhere."""
    return Form(
        {name: ARGUMENTS[name] for name in required.split()}, {name: ARGUMENTS[name] for name in optional.split()}
    )


ARGUMENTS: Mapping[str, Kind] = {
    "by": str,
    "application": str,
    "form": dict,
    "materials": list,
    "channel": str,
    "received_at": str,
    "comment": str,
    "step": str,
    "to": str,
    "outcome": str,
    "items": list,
    "reason": str,
    "how": str,
    "within": str,
    "amount": str,
    "number": str,
    "state": str,
    "decision": str,
    "deadline": str,
    "statutory_deadline": str,
    "open": list,
    "done": list,
    "closed": list,
    "variables": dict,
    "clocks": dict,
    "correction": str,
    "bill": str,
    "deferral": str,
    "cards": list,
    "code": str,
    "mentions": str,
}

VERBS: Mapping[str, Form] = {
    "at": Form(whole=str),
    "days_pass": Form(whole=NUMBER),
    "submit": told("by application", "form materials channel received_at"),
    "accept": told("by", "comment"),
    "decline": told("by comment"),
    "claim": told("by step"),
    "release": told("by step"),
    "assign": told("by step to"),
    "draft": told("by step form"),
    "sign": told("by step", "outcome comment"),
    "complete": told("by step", "outcome comment form"),
    "request_correction": told("by step items", "reason"),
    "send_correction_notice": told("by"),
    "supplement": told("by", "form materials"),
    "withdraw": told("by", "reason"),
    "apply_for_extension": told("by"),
    "apply_for_procedure": told("by"),
    "defer": told("by materials how", "within"),
    "hand_in": told("by materials"),
    "pay": told("by", "amount number"),
    "inbox": Form(free=list),
    "expect": told(
        optional="state decision deadline statutory_deadline open done closed variables clocks correction bill "
        "deferral cards"
    ),
}

REFUSED = "refused"
REFUSAL = told("code", "mentions")

Wrong = tuple[str | None, Sentence, Sentence]  # the argument, what is expected, what is found


def faults(form: Form, argument: object) -> Iterator[Wrong]:
    """What is wrong with the arguments of one step."""
    if form.whole is not None:
        yield from _kind_faults(None, form.whole, argument)
    elif not isinstance(argument, dict):
        yield None, KINDS[dict], _shown(argument)
    else:
        yield from _argument_faults(form, argument)


def _argument_faults(form: Form, arguments: Mapping[str, object]) -> Iterator[Wrong]:
    known = {**form.required, **form.optional}
    for name, value in arguments.items():
        kind = known.get(name, form.free)
        if kind is None:
            yield name, Sentence(f"以下之一：{'、'.join(known)}", f"one of {', '.join(known)}"), _shown(name)
        elif value is not None:
            yield from _kind_faults(name, kind, value)
    for name in form.required.keys() - arguments.keys():
        yield None, Sentence(f"参数 {name}", f"the argument {name}"), Sentence("没有填写", "it is missing")


def _kind_faults(name: str | None, kind: Kind, value: object) -> Iterator[Wrong]:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        yield name, KINDS[kind], _shown(value)


def _shown(value: object) -> Sentence:
    return Sentence(f"“{value}”", f"“{value}”")
