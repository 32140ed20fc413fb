"""A designer's pattern means on the server what it means in the browser, and cannot stall it."""

import re
from contextlib import suppress
from itertools import chain
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.patterns import PatternRefused, PatternTooCostly, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "matching", "failing"),
    [
        (r"^\d{6}$", ["110105"], ["11010", "1101055", "１１０１０５", "110105\n"]),
        (r"^[\u4e00-\u9fa5·]{2,20}$", ["大连", "古丽·买买提"], ["大", "Dalian"]),
        (r"^\d+(\.\d{1,2})?$", ["5", "5.25"], ["5.", "5.255", ".5"]),
        (r"abc", ["xabcx"], ["ab"]),
        (r"^(?:13|15)\d{9}$", ["13800000000"], ["14800000000"]),
        (r"^(?<area>\d{3,4}-)?\d{7,8}$", ["0411-82345678", "82345678"], ["04111-82345678"]),
        (r"^(?!0)\d{1,5}$", ["10"], ["01"]),
        (r"^(?=.*\d)[a-z0-9]{2,8}$", ["a1"], ["ab"]),
        (r"^[^\s]+$", ["大连市"], ["大连\u3000市", "a b"]),
        (r"^\S{2}$", ["ab"], ["a\u3000"]),
        (r"^[\S]{2}$", ["ab"], ["a\u3000"]),
        (r"^[\s\S]{2}$", ["a\n", "中\u3000"], ["a"]),
        (r"^.{2}$", ["中文"], ["a\n"]),
        (r"^\w{2}$", ["a_"], ["中文"]),
        (r"^[\w-.]{1,9}$", ["a-b.c"], ["a,b", "a b"]),
        (r"^[a-c\-]{1,3}$", ["a-c"], ["d"]),
        (r"^\/\-\.$", ["/-."], ["/-x"]),
        (r"^\x41\u0042$", ["AB"], ["ab"]),
        (r"^a{2,}?$", ["aaa"], ["a"]),
        (r"^[[&&~~||]{1,3}$", ["[&|"], ["a"]),
        (r"^a|b$", ["ax", "xb"], ["xa"]),
    ],
)
def test_pattern__as_in_javascript(pattern: str, matching: list[str], failing: list[str]) -> None:
    compiled = compile_pattern(pattern, 100)
    assert [text for text in matching + failing if compiled.search(text)] == matching


INVALID = (
    ["(", ")", "[", "[]", "[a", "[z-a]", "*a", "a**", "^*", "a{2,1}", "a{", "a{99999}", "\\", "(?"],
    [r"\u12", r"\z", r"\p{Han}", r"(a)\1", "(?<=a)b", "(?<!a)b", "(?i)a", "(?P<x>a)", "a" * 501, "(" * 30 + ")" * 30],
)
COSTLY = (
    ["(a+)+$", "^(a*)*$", "^(a|a)*$", "^(a|aa)+$", r"^(\w+\s?)*$", "^(a?){30}$", "^((a{0,9}){0,9}){0,9}$"],
    ["^" + "a?" * 40 + "a" * 40 + "$", "^" + "(a|a)" * 30 + "$", "^.*.*.*.*x$", "(a*b*c*d*)$"],
)


@pytest.mark.parametrize("pattern", [*chain(*INVALID)])
def test_pattern__invalid_or_not_supported(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        compile_pattern(pattern, 100)


@pytest.mark.parametrize("pattern", [*chain(*COSTLY)])
def test_pattern__that_backtracks_without_end_is_refused(pattern: str) -> None:
    with pytest.raises(PatternTooCostly):
        compile_pattern(pattern, 1000)


def test_pattern__what_a_text_of_1000_characters_forbids_a_shorter_one_allows() -> None:
    mail = r"^[^@]+@[^@]+\.[^@]+$"
    with pytest.raises(PatternTooCostly):
        compile_pattern(mail, 1000)
    assert compile_pattern(mail, 100).search("window@dalian.example")


@pytest.mark.parametrize("pattern", ["^a*a*b$", "^(a?){19}b$", "^" + "(a|a)" * 19 + "b$", "a{0,40}a{0,30}b$"])
def test_pattern__the_most_costly_one_accepted_is_quick(pattern: str) -> None:
    compiled = compile_pattern(pattern, 1000)
    begun = process_time()
    assert not compiled.search("a" * 1000)
    assert process_time() - begun < 2


@given(st.text(alphabet="ab|()[]{}*+?^$\\dws.,-019:=!<>", max_size=40), st.text(alphabet="ab019 -", max_size=30))
def test_pattern__any_text_is_compiled_or_refused(pattern: str, text: str) -> None:
    with suppress(PatternRefused):
        compile_pattern(pattern, 30).search(text)


@given(st.text(alphabet="ab|()*+?^", max_size=12), st.text(alphabet="ab", max_size=12))
def test_pattern__means_what_python_means_where_the_dialects_agree(pattern: str, text: str) -> None:
    with suppress(PatternRefused):
        compiled = compile_pattern(pattern, 12)
        assert bool(compiled.search(text)) == bool(re.search(pattern, text))
