"""What the engine refuses to do, and how it says so in Chinese and in English."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


class Sentence(NamedTuple):
    """One sentence for a person, in the two languages the product speaks."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where a person finds it: BPMN element id, line and column in the file `resource`."""

    sentence: Sentence
    element_id: str | None = None
    line: int | None = None
    column: int | None = None
    resource: str | None = None


MOST_TOLD = 100


def told(faults: Sequence[Fault]) -> Sequence[Fault]:
    """What a file's faults, or warnings, tell a person: as many as can be read at once, and how many more there are."""
    more = len(faults) - MOST_TOLD
    if more <= 0:
        return faults
    rest = Sentence(
        f"另有 {more} 处未列出；改正以上各处后再检查即可看到。",
        f"There are {more} more; check again once those above are repaired to see them.",
    )
    return [*faults[:MOST_TOLD], Fault(rest)]


class EngineError(Exception):
    """The engine refuses the command."""

    code: ClassVar[str] = "refused"
    title: ClassVar[Sentence] = Sentence("引擎拒绝执行该操作。", "The engine refuses the command.")

    def __init__(
        self,
        detail: Sentence | None = None,
        *,
        element_id: str | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.detail = detail or self.title
        self.element_id = element_id
        self.faults = tuple(faults)
        super().__init__(self.detail.en)


class NotFound(EngineError):
    """There is no such thing, or it is not the caller's to see."""

    code = "not-found"
    title = Sentence("未找到，或您无权查看。", "There is no such thing, or it is not yours to see.")


class Forbidden(EngineError):
    """The caller's role does not allow this act; `act` is the one that no role of the caller's has, if that is why."""

    code = "forbidden"
    title = Sentence("您的角色不能进行此操作。", "Your role does not allow this act.")

    def __init__(self, detail: Sentence | None = None, *, act: str | None = None) -> None:
        super().__init__(detail)
        self.act = act


class Conflict(EngineError):
    """The state of the case does not allow this act now."""

    code = "conflict"
    title = Sentence("当前状态不允许此操作。", "The present state does not allow this act.")


class Suspended(Conflict):
    """It is suspended: an administrator has to activate it first."""

    code = "suspended"
    title = Sentence("已挂起，须先由系统管理员激活。", "It is suspended: an administrator has to activate it first.")


class LostRace(Conflict):
    """Another act changed this case at the same moment; trying again may succeed."""

    code = "lost-race"
    title = Sentence(
        "另一项操作同时更改了该办件，请重试。", "Another act changed this case at the same moment; try again."
    )


class Stale(EngineError):
    """Somebody changed it since the caller last read it."""

    code = "stale"
    title = Sentence("该记录已被他人更新，请刷新后重试。", "It changed since you last read it; read it again.")


class Invalid(EngineError):
    """The request is well-formed, but what it says is not acceptable."""

    code = "invalid"
    title = Sentence("提交的内容不符合要求。", "What was submitted is not acceptable.")


class Unreadable(EngineError):
    """The request cannot be read."""

    code = "unreadable"
    title = Sentence("无法读取请求。", "The request cannot be read.")


class FilesUnreachable(EngineError):
    """The file store does not answer, or cannot be read or written; nothing was lost."""

    code = "files-unreachable"
    title = Sentence(
        "文件存储暂时无法访问，请稍后重试；持续出现时请告知管理员。",
        "The file store cannot be reached at the moment; try again later, and tell the administrator if it stays so.",
    )


class ContentLost(EngineError):
    """What the file store has is not what was uploaded, or nothing; it is not shown."""

    code = "content-lost"
    title = Sentence(
        "文件在存储中已缺失或与上传时不符，不能提供。请告知管理员从备份找回。",
        "The file is missing from the store, or is not what was uploaded, and is not shown. Tell the administrator, "
        "who can fetch it from a backup.",
    )


class DiagramRefused(EngineError):
    """The files have faults; nothing was stored."""

    code = "diagram-refused"
    title = Sentence("文件有错误，未保存任何内容。", "The files have faults; nothing was stored.")


class ExpressionFailed(EngineError):
    """An expression of the diagram could not be evaluated; nothing was changed."""

    code = "expression-failed"
    title = Sentence(
        "流程图中的表达式无法求值，未做任何更改。", "An expression could not be evaluated; nothing was changed."
    )


class NotDeployed(EngineError):
    """The diagram refers to something that is not deployed; nothing was changed."""

    code = "not-deployed"
    title = Sentence(
        "流程图引用的内容尚未部署，未做任何更改。",
        "The diagram refers to something that is not deployed; nothing was changed.",
    )


class ListenerFailed(EngineError):
    """A listener of the diagram refused the command; nothing was changed."""

    code = "listener-failed"
    title = Sentence(
        "流程图中的监听器拒绝了该操作，未做任何更改。",
        "A listener of the diagram refused the command; nothing was changed.",
    )


class UncaughtError(EngineError):
    """A BPMN error was thrown and nothing in the diagram catches it; nothing was changed."""

    code = "uncaught-error"
    title = Sentence(
        "流程抛出了无人捕获的 BPMN 错误，未做任何更改。", "A BPMN error is caught by nothing; nothing was changed."
    )


class NoFlowTaken(EngineError):
    """No condition of a gateway holds and it has no default flow; nothing was changed."""

    code = "no-flow-taken"
    title = Sentence(
        "网关没有任何条件成立，且未设默认流向，未做任何更改。",
        "No condition holds and there is no default flow; nothing was changed.",
    )
