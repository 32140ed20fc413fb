"""What is typed wrongly on the command line, told in the terminal's language: unknown verbs and options, values that
do not fit, and what is missing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import click

from cli.terminal import errors, said
from engine.errors import Sentence

Says = Callable[[Any], str]


class Mistyped(click.ClickException):
    """A command that cannot be understood; nothing was done."""

    exit_code = 2

    def __init__(self, wrong: click.UsageError) -> None:
        super().__init__(wrong.format_message())
        self.wrong = wrong

    def show(self, file: IO[Any] | None = None) -> None:
        """Says what is wrong, and where the right way is described."""
        errors.print(said(Sentence(in_chinese(self.wrong), self.message)), style="red", markup=False)
        verb = "lianban" if self.wrong.ctx is None else self.wrong.ctx.command_path
        errors.print(said(Sentence(f"用法见：{verb} --help", f"See: {verb} --help")), markup=False)


class Verbs(click.Group):
    """A command with verbs, which tells in the terminal's language what was typed wrongly, below its groups too."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Reads what stands before the verb."""
        with mistyping_told():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Reads the verb and what stands behind it, and does it."""
        with mistyping_told():
            return super().invoke(ctx)


@contextmanager
def mistyping_told() -> Iterator[None]:
    """What click says of a mistake, in two languages. No arguments at all ask for help: that is no mistake."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as wrong:
        raise Mistyped(wrong) from wrong


def in_chinese(wrong: click.UsageError) -> str:
    """The sentence for this kind of mistake."""
    return next(says(wrong) for kind, says in CHINESE.items() if isinstance(wrong, kind))


def near(wrong: Any) -> str:
    """What may have been meant."""
    meant = "、".join(wrong.possibilities or ())
    return f"；是否应为：{meant}？" if meant else "。"


def missing(wrong: click.MissingParameter) -> str:
    is_option = isinstance(wrong.param, click.Option)
    return f"缺少{'选项' if is_option else '参数'} {name(wrong)}。{expected(wrong)}"


def name(wrong: click.BadParameter) -> str:
    """The option or argument, as it is typed or shown in the help."""
    return "" if wrong.param is None else wrong.param.get_error_hint(wrong.ctx).strip("'")


def expected(wrong: click.BadParameter) -> str:
    """Which values there are."""
    kind = None if wrong.param is None else wrong.param.type
    if isinstance(kind, click.Choice):
        return f"可选：{'、'.join(map(str, kind.choices))}。"
    if isinstance(kind, click.Path):
        what = "或".join(word for word, fits in (("文件", kind.file_okay), ("文件夹", kind.dir_okay)) if fits)
        return f"应为{'已有的' if kind.exists else ''}{what}的路径。"
    return ""


def surplus(wrong: click.UsageError) -> str:
    """Arguments that no place is left for: click names them in brackets."""
    _, _, typed = wrong.message.partition("(")
    return f"多余的参数：{typed.removesuffix(')')}。" if typed else "命令不完整，或写法不对。"


CHINESE: Mapping[type[click.UsageError], Says] = {
    click.exceptions.NoSuchCommand: lambda wrong: f"没有命令“{wrong.command_name}”{near(wrong)}",
    click.NoSuchOption: lambda wrong: f"没有选项“{wrong.option_name}”{near(wrong)}",
    click.MissingParameter: missing,
    click.BadParameter: lambda wrong: f"{name(wrong)} 的值不对。{expected(wrong)}",
    click.BadOptionUsage: lambda wrong: f"选项 {wrong.option_name} 缺少值，或不应带值。",
    click.UsageError: surplus,
}
"""The first kind that fits is taken; the last fits every mistake."""
