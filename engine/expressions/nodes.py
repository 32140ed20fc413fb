"""The parts an expression is made of. Each becomes one closure over variables and functions; none reads text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.errors import Sentence
from engine.expressions import methods
from engine.expressions.faults import ExpressionError
from engine.expressions.operators import BINARY
from engine.expressions.values import joined, text, truth

Variables = Mapping[str, object]
Functions = Mapping[str, Callable[..., object]]
Closure = Callable[[Variables, Functions], object]


class Node(Protocol):
    """A part of an expression."""

    def closure(self) -> Closure: ...


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the text itself."""

    value: object

    def closure(self) -> Closure:
        value = self.value
        return lambda variables, functions: value


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that must exist."""

    name: str

    def closure(self) -> Closure:
        name = self.name

        def read(variables: Variables, functions: Functions) -> object:
            try:
                return variables[name]
            except KeyError:
                raise ExpressionError(
                    Sentence(
                        f"没有名为“{name}”的流程变量；请检查名称，或先为它赋值。",
                        f"There is no variable {name}; check the name, or set it first.",
                    )
                ) from None

        return read


@dataclass(frozen=True, slots=True)
class GetVariable:
    """`execution.getVariable('name')`: null when there is no such variable."""

    name: str

    def closure(self) -> Closure:
        name = self.name
        return lambda variables, functions: variables.get(name)


@dataclass(frozen=True, slots=True)
class HasVariable:
    """`execution.hasVariable('name')`."""

    name: str

    def closure(self) -> Closure:
        name = self.name
        return lambda variables, functions: name in variables


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a path: `.name` or `[key]`."""

    key: Node

    def step(self) -> Callable[[object, Variables, Functions], object]:
        key = self.key.closure()
        return lambda base, variables, functions: methods.element(base, key(variables, functions))


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One step of a path: `.name(arguments)` with a name of the closed list."""

    name: str
    arguments: tuple[Node, ...]

    def step(self) -> Callable[[object, Variables, Functions], object]:
        name, arguments = self.name, tuple(node.closure() for node in self.arguments)
        return lambda base, variables, functions: methods.call(
            name, base, tuple(argument(variables, functions) for argument in arguments)
        )


@dataclass(frozen=True, slots=True)
class Path:
    """A value and what is asked of it, step by step."""

    base: Node
    steps: tuple[Element | MethodCall, ...]

    def closure(self) -> Closure:
        base, steps = self.base.closure(), tuple(step.step() for step in self.steps)

        def walk(variables: Variables, functions: Functions) -> object:
            value = base(variables, functions)
            for step in steps:
                value = step(value, variables, functions)
            return value

        return walk


@dataclass(frozen=True, slots=True)
class BuiltInCall:
    """A call of a function of the dialect itself."""

    name: str
    arguments: tuple[Node, ...]

    def closure(self) -> Closure:
        function = methods.FUNCTIONS[self.name][1]
        arguments = tuple(node.closure() for node in self.arguments)
        return lambda variables, functions: function(*[argument(variables, functions) for argument in arguments])


@dataclass(frozen=True, slots=True)
class LentCall:
    """A call of a function that the caller lends; whatever it raises becomes the expression's error."""

    name: str
    arguments: tuple[Node, ...]

    def closure(self) -> Closure:
        name, arguments = self.name, tuple(node.closure() for node in self.arguments)

        def call(variables: Variables, functions: Functions) -> object:
            values = [argument(variables, functions) for argument in arguments]
            function = functions.get(name)
            if function is None:
                raise ExpressionError(Sentence(f"没有名为“{name}”的函数。", f"There is no function {name}."))
            try:
                return function(*values)
            except ExpressionError:
                raise
            except Exception as cause:
                raise ExpressionError(
                    Sentence(
                        f"函数 {name}() 无法用所给的值计算，请检查参数。",
                        f"The function {name}() cannot work with these values; check its arguments.",
                    )
                ) from cause

        return call


@dataclass(frozen=True, slots=True)
class Unary:
    """`!x`, `-x`, `empty x`."""

    apply: Callable[[object], object]
    operand: Node

    def closure(self) -> Closure:
        apply, operand = self.apply, self.operand.closure()
        return lambda variables, functions: apply(operand(variables, functions))


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one precedence, applied from left to right: `a + b - c`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def closure(self) -> Closure:
        first = self.first.closure()
        rest = tuple((BINARY[sign], operand.closure()) for sign, operand in self.rest)
        if len(rest) == 1:
            apply, second = rest[0]
            return lambda variables, functions: apply(first(variables, functions), second(variables, functions))

        def fold(variables: Variables, functions: Functions) -> object:
            value = first(variables, functions)
            for apply, operand in rest:
                value = apply(value, operand(variables, functions))
            return value

        return fold


@dataclass(frozen=True, slots=True)
class Junction:
    """`a && b` and `a || b`: operands are read until one decides."""

    deciding: bool
    operands: tuple[Node, ...]

    def closure(self) -> Closure:
        deciding, operands = self.deciding, tuple(node.closure() for node in self.operands)

        def decide(variables: Variables, functions: Functions) -> object:
            for operand in operands:
                if truth(operand(variables, functions)) is deciding:
                    return deciding
            return not deciding

        return decide


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node

    def closure(self) -> Closure:
        condition, then, otherwise = self.condition.closure(), self.then.closure(), self.otherwise.closure()
        return lambda variables, functions: (
            then(variables, functions) if truth(condition(variables, functions)) else otherwise(variables, functions)
        )


@dataclass(frozen=True, slots=True)
class Template:
    """Text with `${…}` in it."""

    parts: tuple[Node, ...]

    def closure(self) -> Closure:
        parts = tuple(part.closure() for part in self.parts)
        return lambda variables, functions: joined([text(part(variables, functions)) for part in parts])
