"""What a designer calls the elements of BPMN, in Chinese and in English. Only words, no rules."""

from engine.errors import Sentence

LABELS: dict[str, Sentence] = {
    "process": Sentence("流程", "process"),
    "sequenceFlow": Sentence("顺序流", "sequence flow"),
    "startEvent": Sentence("开始事件", "start event"),
    "intermediateCatchEvent": Sentence("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": Sentence("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": Sentence("边界事件", "boundary event"),
    "endEvent": Sentence("结束事件", "end event"),
    "task": Sentence("任务", "task"),
    "userTask": Sentence("用户任务", "user task"),
    "manualTask": Sentence("手工任务", "manual task"),
    "serviceTask": Sentence("服务任务", "service task"),
    "sendTask": Sentence("发送任务", "send task"),
    "receiveTask": Sentence("接收任务", "receive task"),
    "scriptTask": Sentence("脚本任务", "script task"),
    "businessRuleTask": Sentence("业务规则任务", "business rule task"),
    "callActivity": Sentence("调用活动", "call activity"),
    "subProcess": Sentence("子流程", "sub-process"),
    "transaction": Sentence("事务子流程", "transaction"),
    "adHocSubProcess": Sentence("临时子流程", "ad-hoc sub-process"),
    "exclusiveGateway": Sentence("排他网关", "exclusive gateway"),
    "parallelGateway": Sentence("并行网关", "parallel gateway"),
    "inclusiveGateway": Sentence("包容网关", "inclusive gateway"),
    "eventBasedGateway": Sentence("事件网关", "event-based gateway"),
    "complexGateway": Sentence("复杂网关", "complex gateway"),
    "message": Sentence("消息", "message"),
    "signal": Sentence("信号", "signal"),
    "error": Sentence("错误", "error"),
    "escalation": Sentence("升级", "escalation"),
}

KINDS: dict[str, Sentence] = {
    "none": Sentence("空", "none"),
    "message": Sentence("消息", "message"),
    "timer": Sentence("定时", "timer"),
    "signal": Sentence("信号", "signal"),
    "error": Sentence("错误", "error"),
    "escalation": Sentence("升级", "escalation"),
    "conditional": Sentence("条件", "conditional"),
    "link": Sentence("链接", "link"),
    "terminate": Sentence("终止", "terminate"),
    "compensate": Sentence("补偿", "compensation"),
    "cancel": Sentence("取消", "cancel"),
}

SELECTABLE = frozenset(LABELS)  # what a designer can click in the Modeler


def shortened(text: str) -> str:
    """As much of a text of the diagram as a sentence bears."""
    text = " ".join(text[:200].split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def label(type: str, name: str | None, id: str | None) -> Sentence:
    """用户任务“审查” / the user task “Review”: its name, else its id."""
    words = LABELS.get(type, Sentence(f"元素 {type}", f"element {type}"))
    called = name or id
    if not called:
        return Sentence(words.zh, f"the {words.en}")
    called = shortened(called)
    return Sentence(f"{words.zh}“{called}”", f"the {words.en} “{called}”")
