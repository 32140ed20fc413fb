"""Builds the nodes of one `${…}` from its tokens, by JUEL's grammar. Knows nothing of values."""

from collections.abc import Callable, Collection, Mapping

from engine.errors import Sentence
from engine.expressions import nodes
from engine.expressions.faults import ExpressionFault
from engine.expressions.instants import PRESENT
from engine.expressions.lexer import Token, TokenKind, tokens
from engine.expressions.methods import FUNCTIONS, METHODS
from engine.expressions.operators import is_empty, negative
from engine.expressions.values import shortened, truth

MAX_DEPTH = 50
_LONG_MAX = 2**63 - 1
_CONSTANTS = {"true": True, "false": False, "null": None}
_EXECUTION = "execution"
_EXECUTION_METHODS: Mapping[str, Callable[[str], nodes.Node]] = {
    "getVariable": nodes.GetVariable,
    "hasVariable": nodes.HasVariable,
}
_EXECUTION_FACTS: Mapping[str, str] = {
    "processBusinessKey": "processBusinessKey",
    "getProcessBusinessKey": "processBusinessKey",
    "businessKey": "processBusinessKey",
    "processInstanceId": "processInstanceId",
    "getProcessInstanceId": "processInstanceId",
}
"""What of the instance an expression may ask; whoever evaluates lends a function of that name."""

_OR, _AND = 1, 2
_PRECEDENCE = {"||": _OR, "&&": _AND}
_PRECEDENCE |= dict.fromkeys(("==", "!="), 3)
_PRECEDENCE |= dict.fromkeys(("<", ">", "<=", ">="), 4)
_PRECEDENCE |= dict.fromkeys(("+", "-"), 5)
_PRECEDENCE |= dict.fromkeys(("*", "/", "%"), 6)


class Parser:
    """Reads one `${…}` after another out of a text, and remembers which variables and lent functions they name."""

    def __init__(self, text: str, lent: Collection[str] | None) -> None:
        self._text = text
        self._lent = lent
        self._depth = 0
        self.names: set[str] = set()
        self.functions: set[str] = set()

    def parse(self, start: int) -> tuple[nodes.Node, int]:
        """The expression whose inside begins at `start`, and the place after its closing brace."""
        self._tokens = tokens(self._text, start)
        self._token = next(self._tokens)
        node = self._expression()
        if self._token.kind is not TokenKind.CLOSE:
            raise self._unexpected()
        return node, self._token.position + 1

    def _expression(self) -> nodes.Node:
        self._descend()
        node = self._binary(_OR)
        if self._accept("?"):
            then = self._expression()
            self._expect(":")
            node = nodes.Choice(node, then, self._expression())
        self._depth -= 1
        return node

    def _binary(self, lowest: int) -> nodes.Node:
        node = self._unary()
        while (precedence := self._precedence()) >= lowest:
            node = self._chain(node, precedence)
        return node

    def _chain(self, first: nodes.Node, precedence: int) -> nodes.Node:
        rest: list[tuple[str, nodes.Node]] = []
        while self._precedence() == precedence:
            sign = self._advance().text
            rest.append((sign, self._binary(precedence + 1)))
        if precedence in (_OR, _AND):
            return nodes.Junction(precedence == _OR, (first, *(operand for _, operand in rest)))
        return nodes.Chain(first, tuple(rest))

    def _precedence(self) -> int:
        return _PRECEDENCE.get(self._token.text, 0) if self._token.kind is TokenKind.SIGN else 0

    def _unary(self) -> nodes.Node:
        token = self._token
        apply = _UNARY.get((token.kind, token.text))
        if apply is None:
            return self._path()
        self._advance()
        self._descend()
        node = nodes.Unary(apply, self._unary())
        self._depth -= 1
        return node

    def _path(self) -> nodes.Node:
        base = self._primary()
        steps: list[nodes.Element | nodes.MethodCall] = []
        while True:
            if self._accept("."):
                steps.append(self._member())
            elif self._accept("["):
                steps.append(nodes.Element(self._expression()))
                self._expect("]")
            else:
                return nodes.Path(base, tuple(steps)) if steps else base

    def _member(self) -> nodes.Element | nodes.MethodCall:
        name = self._name()
        if not self._is("("):
            return nodes.Element(nodes.Literal(name.text))
        if name.text not in METHODS:
            known = "、".join(METHODS), ", ".join(METHODS)
            raise ExpressionFault(
                Sentence(
                    f"不能调用方法 {name.text}()；可用的方法有：{known[0]}。",
                    f"The method {name.text}() cannot be called; there are: {known[1]}.",
                ),
                name.position,
            )
        return nodes.MethodCall(name.text, self._arguments(name, METHODS[name.text][0]))

    def _primary(self) -> nodes.Node:
        token = self._token
        if token.kind is TokenKind.NUMBER:
            return nodes.Literal(_number(self._advance()))
        if token.kind is TokenKind.TEXT:
            return nodes.Literal(self._advance().text)
        if token.kind is TokenKind.NAME:
            return self._named()
        if not self._accept("("):
            raise self._unexpected()
        node = self._expression()
        self._expect(")")
        return node

    def _named(self) -> nodes.Node:
        name = self._advance()
        if name.text in _CONSTANTS:
            return nodes.Literal(_CONSTANTS[name.text])
        if self._is("("):
            return self._call(name)
        if name.text == _EXECUTION:
            return self._execution(name)
        self.names.add(name.text)
        return nodes.Variable(name.text)

    def _call(self, name: Token) -> nodes.Node:
        if name.text in FUNCTIONS:
            return nodes.BuiltInCall(name.text, self._arguments(name, FUNCTIONS[name.text][0]))
        if self._lent is not None and name.text not in (*self._lent, *PRESENT):
            known = sorted({*self._lent, *FUNCTIONS, *PRESENT})
            raise ExpressionFault(
                Sentence(
                    f"没有名为“{name.text}”的函数；可用的函数有：{'、'.join(known)}。",
                    f"There is no function {name.text}; there are: {', '.join(known)}.",
                ),
                name.position,
            )
        self.functions.add(name.text)
        return nodes.LentCall(name.text, self._arguments(name, 0 if name.text in PRESENT else None))

    def _execution(self, execution: Token) -> nodes.Node:
        """Camunda's `execution` is no object here: it tells two facts of its instance and reads variables."""
        build = None
        if self._accept("."):
            named = self._name().text
            if named in _EXECUTION_FACTS:
                if self._accept("("):
                    self._expect(")")
                return nodes.LentCall(_EXECUTION_FACTS[named], ())
            build = _EXECUTION_METHODS.get(named)
        arguments = self._arguments(execution) if build and self._is("(") else ()
        if build is None or len(arguments) != 1:
            raise _no_execution(execution)
        variable = arguments[0]
        if not isinstance(variable, nodes.Literal) or not isinstance(variable.value, str):
            raise _no_execution(execution)
        self.names.add(variable.value)
        return build(variable.value)

    def _arguments(self, name: Token, count: int | None = None) -> tuple[nodes.Node, ...]:
        self._expect("(")
        arguments: list[nodes.Node] = []
        while not self._accept(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._expression())
        if count is not None and len(arguments) != count:
            raise ExpressionFault(
                Sentence(
                    f"{name.text}() 需要 {count} 个参数，给出了 {len(arguments)} 个。",
                    f"{name.text}() takes {count} arguments, not {len(arguments)}.",
                ),
                name.position,
            )
        return tuple(arguments)

    def _name(self) -> Token:
        if self._token.kind is not TokenKind.NAME:
            raise self._unexpected()
        return self._advance()

    def _advance(self) -> Token:
        token = self._token
        if token.kind is TokenKind.CLOSE:
            raise self._unexpected()
        self._token = next(self._tokens)
        return token

    def _is(self, sign: str) -> bool:
        return self._token.kind is TokenKind.SIGN and self._token.text == sign

    def _accept(self, sign: str) -> bool:
        if not self._is(sign):
            return False
        self._advance()
        return True

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise self._unexpected(sign)

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise too_deep(self._token.position)

    def _unexpected(self, expected: str | None = None) -> ExpressionFault:
        found = shortened(self._token.text)
        position = self._token.position
        if expected is not None:
            return ExpressionFault(
                Sentence(f"在“{found}”之前缺少“{expected}”。", f"{expected} is missing before {found}."), position
            )
        if self._token.kind is TokenKind.CLOSE:
            return ExpressionFault(
                Sentence("表达式不完整，请在“}”之前补全。", "The expression is not complete; finish it before the }."),
                position,
            )
        return ExpressionFault(Sentence(f"此处不应出现“{found}”。", f"{found} is not expected here."), position)


_UNARY: Mapping[tuple[TokenKind, str], Callable[[object], object]] = {
    (TokenKind.SIGN, "!"): lambda value: not truth(value),
    (TokenKind.SIGN, "-"): negative,
    (TokenKind.NAME, "empty"): is_empty,
}


def too_deep(position: int) -> ExpressionFault:
    """The fault of an expression that is nested deeper than the dialect allows."""
    return ExpressionFault(
        Sentence(
            f"表达式嵌套超过 {MAX_DEPTH} 层，请拆成几个变量。",
            f"The expression is nested more than {MAX_DEPTH} levels deep; split it into variables.",
        ),
        position,
    )


def _number(token: Token) -> int | float:
    value = float(token.text) if not token.text.isdigit() else int(token.text)
    if value > (_LONG_MAX if isinstance(value, int) else 1.7976931348623157e308):
        raise ExpressionFault(Sentence("数字过大。", "The number is too large."), token.position)
    return value


def _no_execution(token: Token) -> ExpressionFault:
    return ExpressionFault(
        Sentence(
            "execution 只有 getVariable('名称')、hasVariable('名称')、processBusinessKey 和 processInstanceId；"
            "其他内容请用流程变量。",
            "Of execution there are only getVariable('name'), hasVariable('name'), processBusinessKey and "
            "processInstanceId; use a variable instead.",
        ),
        token.position,
    )
