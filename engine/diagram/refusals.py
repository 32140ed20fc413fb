"""What to do instead of the things of BPMN and Camunda that do not run here: a sentence for each. Only words."""

from engine.errors import Sentence

_CODE = Sentence(
    '{it}直接指定了 Java 代码，无法执行。请改用 camunda:type="external" 或 camunda:delegateExpression="${名称}"。',
    '{it} names Java code, which cannot run here. Use camunda:type="external" or camunda:delegateExpression="${name}".',
)
_CODE_OF_MAPPING = Sentence(
    "{it}用 Java 代码传递变量，无法执行。请改用 camunda:in 和 camunda:out。",
    "{it} hands variables over by Java code, which cannot run here. Use camunda:in and camunda:out.",
)
_CHOREOGRAPHY = Sentence(
    "文件含有编排图或会话图，它们不能执行。请画成流程。",
    "The file has a choreography or a conversation, which cannot run. Draw a process.",
)
_SCRIPT = Sentence(
    "{it}引用了外部脚本，本引擎不执行。脚本任务只能写 变量 = ${…} 的赋值。",
    "{it} refers to a script elsewhere, which does not run here. A script task may only assign: variable = ${…}.",
)

REFUSED_ELEMENTS: dict[str, Sentence] = {
    "adHocSubProcess": Sentence(
        "{it}是临时子流程，本引擎不支持。请用普通子流程画出顺序。",
        "{it} is an ad-hoc sub-process, which is not supported. Draw the order in an ordinary sub-process.",
    ),
    "complexGateway": Sentence(
        "{it}是复杂网关，本引擎不支持。请改用包容网关或并行网关。",
        "{it} is a complex gateway, which is not supported. Use an inclusive or a parallel gateway.",
    ),
    "standardLoopCharacteristics": Sentence(
        "{it}带有循环标记，它不会使任务重复执行。请改用多实例，或用网关画出循环。",
        "{it} has a loop marker, which would not repeat anything. Use multi-instance, or draw the loop with a gateway.",
    ),
    "performer": Sentence(
        "{it}用 performer 指定办理人，不会生效（同 Camunda 7）。请改用 humanPerformer 或 camunda:assignee。",
        "{it} names a performer, which has no effect (as in Camunda 7). Use humanPerformer or camunda:assignee.",
    ),
    "choreography": _CHOREOGRAPHY,
    "globalChoreographyTask": _CHOREOGRAPHY,
    "choreographyTask": _CHOREOGRAPHY,
    "conversation": _CHOREOGRAPHY,
    "subConversation": _CHOREOGRAPHY,
    "callConversation": _CHOREOGRAPHY,
    "globalConversation": _CHOREOGRAPHY,
    "camunda:script": Sentence(
        "{it}含有脚本，本引擎不执行。请改写为 ${…} 表达式。",
        "{it} has a script, which does not run here. Write it as an expression ${…}.",
    ),
    "camunda:connector": _CODE,
    "camunda:field": _CODE,
}

REFUSED_ATTRIBUTES: dict[str, Sentence] = {
    "camunda:class": _CODE,
    "class": Sentence(
        '{it}的监听器直接指定了 Java 代码，无法执行。请改用已注册的监听器 delegateExpression="${名称}"。',
        '{it} has a listener of Java code, which cannot run here. Name a registered one: delegateExpression="${name}".',
    ),
    "camunda:decisionRefTenantId": Sentence(
        "{it}指定了决策的租户，不会生效：租户即行政区划，随办件确定。请删除该属性。",
        "{it} names a tenant, which has no effect: the tenant is the region of the case. Remove the attribute.",
    ),
    "camunda:resource": _SCRIPT,
    "camunda:calledElementTenantId": Sentence(
        "{it}指定了被调用流程的租户，不会生效：租户即行政区划，随办件确定。请删除该属性。",
        "{it} names a tenant, which has no effect: the tenant is the region of the case. Remove the attribute.",
    ),
    "readable": Sentence(
        "{it}的表单字段设置了 readable，字段总是显示。请删除该属性，或删除该字段。",
        "{it} has a form field with readable; every field is shown. Remove the attribute, or the field.",
    ),
    "camunda:caseRef": Sentence(
        "{it}调用 CMMN 案例，本引擎不支持。请调用流程（calledElement）。",
        "{it} calls a CMMN case, which is not supported. Call a process (calledElement).",
    ),
    "camunda:variableMappingClass": _CODE_OF_MAPPING,
    "camunda:variableMappingDelegateExpression": _CODE_OF_MAPPING,
    "waitForCompletion": Sentence(
        '{it}不等待补偿完成（waitForCompletion="false"），与 Camunda 7 一样，本引擎总是等待。请删除该属性。',
        '{it} would not wait for the compensation (waitForCompletion="false"); it does, as in Camunda 7. Remove it.',
    ),
    "method": Sentence(
        "{it}指定了事务方式（method），本引擎只以补偿撤销事务。请删除该属性。",
        "{it} names a transaction method; a transaction is undone by compensation alone. Remove the attribute.",
    ),
    "instantiate": Sentence(
        '{it}不能启动流程（instantiate="true"）。请改用消息开始事件。',
        '{it} cannot start a process (instantiate="true"). Use a message start event.',
    ),
    "parallelMultiple": Sentence(
        "{it}要求多个事件同时发生，本引擎不支持。请用并行网关连接多个事件。",
        "{it} waits for several events together, which is not supported. Join several events by a parallel gateway.",
    ),
    "eventGatewayType": Sentence(
        "{it}是并行事件网关，本引擎不支持。请用并行网关连接多个捕获事件。",
        "{it} waits for all its events, which is not supported. Use a parallel gateway and catch events.",
    ),
    "operationRef": Sentence(
        "{it}引用了 Web 服务操作，本引擎不调用。请改用外部任务。",
        "{it} refers to a web service operation, which is not called. Use an external task.",
    ),
    "language": Sentence(
        "{it}的表达式指定了其他语言，本引擎只计算 ${…}。请删除 language 并改写表达式。",
        "{it} has an expression in another language; only ${…} is evaluated here. Remove the language and rewrite it.",
    ),
}

FOREIGN_PLATFORMS: dict[str, str] = {
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
}
