"""The permission matrix: which role may do which act, as data. Acts bear the names of the commands that ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.tables import Role
from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """An act in words, and the roles that may do it."""

    name: Sentence
    roles: frozenset[Role]


EVERYBODY = frozenset(Role)
APPLICANTS = frozenset({Role.APPLICANT, Role.AGENT})
SUBMITTERS = APPLICANTS | {Role.WINDOW}
DEPARTMENTS = frozenset({Role.OFFICER, Role.HEAD})
SIGNERS = DEPARTMENTS | {Role.WINDOW, Role.GOVERNMENT_LEADER}
TASK_HOLDERS = SIGNERS | {Role.LEAD}
OFFICIALS = EVERYBODY - APPLICANTS - {Role.WORKER}
DESIGNERS = frozenset({Role.DESIGNER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
OVERSEERS = DESIGNERS | {Role.SUPERVISOR, Role.LEAD}
SUPERVISORS = frozenset({Role.SUPERVISOR})
SUPERVISORY = SUPERVISORS | {Role.LEAD, Role.GOVERNMENT_LEADER, Role.ADMIN}
WORKERS = frozenset({Role.WORKER, Role.ADMIN})
TREASURERS = frozenset({Role.WORKER, Role.WINDOW, Role.HEAD, Role.LEAD, Role.SUPERVISOR})

ROLE_NAMES: Mapping[Role, Sentence] = {
    Role.APPLICANT: Sentence("申请人", "applicants"),
    Role.AGENT: Sentence("代办人", "agents"),
    Role.WINDOW: Sentence("综合窗口", "the window"),
    Role.OFFICER: Sentence("部门经办人", "department officers"),
    Role.HEAD: Sentence("部门负责人", "department heads"),
    Role.LEAD: Sentence("联审联办协调员", "the joint-approval coordinator"),
    Role.GOVERNMENT_LEADER: Sentence("政府分管领导", "government leaders"),
    Role.SUPERVISOR: Sentence("监察人员", "supervisors"),
    Role.DESIGNER: Sentence("流程设计员", "process designers"),
    Role.ADMIN: Sentence("系统管理员", "administrators"),
    Role.WORKER: Sentence("对接系统", "connected systems"),
}


def rule(zh: str, en: str, roles: frozenset[Role]) -> Rule:
    """One row of the matrix."""
    return Rule(Sentence(zh, en), roles)


MATRIX: Mapping[str, Rule] = {
    "tokens.issue": rule("领取访问令牌", "get an access token", EVERYBODY),
    "tokens.revoke": rule("注销访问令牌", "revoke an access token", EVERYBODY),
    "items.read": rule("查阅事项", "read items", EVERYBODY),
    "items.publish": rule("发布事项", "publish items", DESIGNERS),
    "items.administer": rule("管理事项", "administer items", ADMINS),
    "items.history": rule("查阅事项历次版本", "read the versions of items", OVERSEERS),
    "cases.submit": rule("提交办件", "submit cases", SUBMITTERS),
    "cases.backdate": rule("补录收件时间", "enter an earlier time of receipt", frozenset({Role.WINDOW, Role.AGENT})),
    "cases.submit_confidential": rule("提交涉密办件", "submit confidential cases", frozenset({Role.WINDOW})),
    "cases.classify": rule("将办件定密或解密", "make cases confidential or lift it", frozenset({Role.HEAD, Role.LEAD})),
    "cases.accept": rule("受理办件", "accept cases", frozenset({Role.WINDOW})),
    "cases.decline": rule("作出不予受理决定", "decline cases", frozenset({Role.WINDOW})),
    "cases.withdraw": rule("撤件", "withdraw cases", SUBMITTERS),
    "cases.supplement": rule("补正材料", "supplement cases", SUBMITTERS),
    "cases.defer": rule("作出容缺受理", "let materials follow after acceptance", frozenset({Role.WINDOW})),
    "cases.hand_in_deferred": rule("补齐容缺材料", "hand in deferred materials", SUBMITTERS),
    "cases.read": rule("查阅办件", "read cases", EVERYBODY),
    "corrections.request": rule("提出补正要求", "request corrections", SIGNERS),
    "corrections.request_again": rule("再次提出补正要求", "ask the applicant again", frozenset({Role.HEAD})),
    "corrections.send": rule("发出补正通知", "send the notice of corrections", frozenset({Role.WINDOW, Role.LEAD})),
    "clocks.pause": rule("中止时限", "pause clocks", frozenset({Role.HEAD})),
    "clocks.resume": rule("恢复时限", "resume clocks", frozenset({Role.HEAD})),
    "clocks.exclude": rule("扣除特别程序时间", "exclude the time of special procedures", frozenset({Role.HEAD})),
    "clocks.extend": rule("延长办理期限", "extend terms", frozenset({Role.HEAD, Role.GOVERNMENT_LEADER})),
    "clocks.reverse": rule("撤销时限操作", "reverse acts on clocks", frozenset({Role.HEAD, Role.GOVERNMENT_LEADER})),
    "clocks.apply": rule("申请延期或特别程序", "apply for extensions and special procedures", DEPARTMENTS),
    "materials.upload": rule("上传材料", "upload materials", SUBMITTERS | TASK_HOLDERS),
    "materials.read": rule("查阅材料", "read materials", EVERYBODY),
    "files.upload": rule("上传表单的文件", "upload files of forms", EVERYBODY - {Role.WORKER}),
    "files.read": rule("查阅表单的文件", "read files of forms", EVERYBODY),
    "inbox.read": rule("查阅待办箱", "read the inbox", EVERYBODY),
    "user_tasks.read": rule("查阅任务", "read tasks", EVERYBODY),
    "user_tasks.claim": rule("签收任务", "claim tasks", TASK_HOLDERS),
    "user_tasks.release": rule("取消签收", "release tasks", TASK_HOLDERS),
    "user_tasks.assign": rule("分派任务", "assign tasks", frozenset({Role.HEAD})),
    "user_tasks.save_draft": rule("保存草稿", "keep drafts", TASK_HOLDERS),
    "user_tasks.sign": rule("会签", "sign tasks", SIGNERS),
    "user_tasks.complete": rule("办结任务", "complete tasks", TASK_HOLDERS),
    "user_tasks.transfer": rule("转办任务", "transfer tasks", TASK_HOLDERS),
    "user_tasks.hand_over": rule("移交任务", "hand over tasks", ADMINS),
    "user_tasks.delegate": rule("委派任务", "delegate tasks", TASK_HOLDERS),
    "user_tasks.resolve": rule("反馈委派任务", "resolve delegated tasks", TASK_HOLDERS),
    "user_tasks.remind": rule("催办", "remind", SUBMITTERS | {Role.HEAD, Role.LEAD, Role.SUPERVISOR}),
    "user_tasks.consult": rule("征求意见", "consult on tasks", TASK_HOLDERS),
    "user_tasks.copy": rule("从任务抄送", "send copies from tasks", TASK_HOLDERS),
    "user_tasks.comment": rule("为任务留言", "comment on tasks", TASK_HOLDERS),
    "user_tasks.set_variables": rule("修改任务变量", "set variables of tasks", TASK_HOLDERS),
    "user_tasks.throw": rule("从任务抛出业务错误", "throw errors and escalations from tasks", TASK_HOLDERS),
    "filters.keep": rule("维护任务筛选", "keep filters of tasks", EVERYBODY),
    "slips.serve": rule("登记文书送达", "record the service of slips", DEPARTMENTS | {Role.WINDOW}),
    "slips.read": rule("查阅文书", "read slips", EVERYBODY),
    "consultations.read": rule("查阅征求意见", "read consultations", OFFICIALS),
    "consultations.answer": rule("反馈所征求的意见", "answer consultations", OFFICIALS),
    "consultations.withdraw": rule("收回所征求的意见", "withdraw consultations", TASK_HOLDERS),
    "copies.send": rule("抄送办件", "send copies of cases", TASK_HOLDERS | {Role.SUPERVISOR}),
    "copies.read": rule("查阅抄送", "read copies", OFFICIALS),
    "phrases.read": rule("查阅常用语", "read phrases", OFFICIALS),
    "phrases.keep": rule("维护常用语", "keep phrases", OFFICIALS),
    "deployments.deploy": rule("部署流程", "deploy processes", DESIGNERS),
    "deployments.read": rule("查阅部署", "read deployments", OVERSEERS),
    "deployments.delete": rule("删除未使用过的部署", "delete deployments that nothing has used", ADMINS),
    "definitions.read": rule("查阅流程定义", "read process definitions", OVERSEERS),
    "definitions.read_startable": rule("查阅本人可启动的流程", "read the processes that they may start", OFFICIALS),
    "decisions.evaluate": rule("作出决策试算", "have decisions decide", DESIGNERS | {Role.WORKER}),
    "definitions.suspend": rule("挂起流程定义", "suspend process definitions", ADMINS),
    "instances.start_as_named": rule("启动列明其为候选发起人的流程", "start processes that name them", OFFICIALS),
    "definitions.keep": rule("设定流程记录的保存期限", "say for how long history is kept", ADMINS),
    "instances.start": rule("启动流程实例", "start process instances", DESIGNERS),
    "instances.read": rule("查阅流程实例", "read process instances", OVERSEERS),
    "instances.cancel": rule("终止流程实例", "cancel process instances", ADMINS),
    "instances.suspend": rule("挂起流程实例", "suspend process instances", ADMINS),
    "instances.modify": rule("修改流程实例", "modify process instances", ADMINS),
    "instances.restart": rule("重新启动流程实例", "restart process instances", ADMINS),
    "history.delete": rule("删除流程历史", "delete the history of processes", ADMINS),
    "instances.set_variables": rule("修改流程变量", "set process variables", ADMINS),
    "variables.read": rule("查阅流程变量及其文件", "read process variables and their files", OVERSEERS | WORKERS),
    "server.read": rule("查阅服务器信息", "read what server this is", DESIGNERS),
    "fees.read": rule("查阅缴费通知", "read bills", EVERYBODY),
    "fees.read_split": rule("查阅分户划转清单", "read how bills are divided", TREASURERS),
    "fees.receive_payment": rule("告知缴费结果", "say that bills are paid", frozenset({Role.WORKER})),
    "messages.correlate": rule("投递消息", "correlate messages", WORKERS),
    "signals.throw": rule("广播信号", "throw signals", WORKERS),
    "external_tasks.fetch_and_lock": rule("领取外部任务", "fetch external tasks", WORKERS),
    "external_tasks.work": rule("办理外部任务", "work on external tasks", WORKERS),
    "external_tasks.administer": rule("管理外部任务", "administer external tasks", ADMINS),
    "jobs.read": rule("查阅后台作业", "read jobs", DESIGNERS),
    "jobs.retry": rule("重试后台作业", "retry jobs", ADMINS),
    "jobs.change": rule("调整后台作业", "change jobs", ADMINS),
    "batches.order": rule("安排批量操作", "order batches", ADMINS),
    "batches.read": rule("查阅批量操作", "read batches", DESIGNERS),
    "batches.change": rule("挂起、终止或删除批量操作", "suspend, end and delete batches", ADMINS),
    "incidents.read": rule("查阅异常", "read incidents", DESIGNERS),
    "incidents.resolve": rule("处理异常", "resolve incidents", ADMINS),
    "incidents.annotate": rule("批注异常", "annotate incidents", ADMINS),
    "liabilities.read": rule(
        "查阅责任记录", "read records of liability", frozenset({Role.SUPERVISOR, Role.GOVERNMENT_LEADER})
    ),
    "notices.read": rule("查阅通知", "read notices", frozenset({Role.SUPERVISOR, Role.ADMIN})),
    "notices.retry": rule("重发通知", "send notices again", frozenset({Role.SUPERVISOR, Role.ADMIN})),
    "notices.read_own": rule("查阅本人通知", "read their notices", EVERYBODY),
    "supervision.read": rule("查阅监察看板", "read the supervision board", SUPERVISORY),
    "cards.read": rule("查阅预警牌", "read supervision cards", OFFICIALS),
    "cards.issue": rule("人工发牌", "issue cards by hand", SUPERVISORS),
    "cards.explain": rule("对预警牌作出说明", "explain cards", TASK_HOLDERS),
    "cards.decide": rule("审定预警牌", "decide on cards", SUPERVISORS),
    "orders.read": rule("查阅督办单", "read supervision orders", OFFICIALS),
    "orders.issue": rule("发出督办单", "issue supervision orders", SUPERVISORS | {Role.GOVERNMENT_LEADER}),
    "events.read": rule("接收变动", "follow changes", TASK_HOLDERS | {Role.WORKER}),
    "calendars.read": rule("查阅工作日历", "read calendars", EVERYBODY),
    "calendars.import": rule("导入工作日历", "import calendars", ADMINS),
    "calendars.follow": rule(
        "查阅日历变动的重算进度", "follow how deadlines are counted anew", ADMINS | {Role.SUPERVISOR, Role.LEAD}
    ),
    "calendars.read_moved": rule("查阅日历变动所调整的时限", "see which deadlines a calendar has moved", OFFICIALS),
    "regions.read": rule("查阅行政区划", "read divisions", EVERYBODY),
    "regions.add": rule("添加行政区划", "add divisions", ADMINS),
    "regions.change": rule("修改行政区划", "change divisions", ADMINS),
    "departments.read": rule("查阅部门", "read departments", EVERYBODY),
    "departments.add": rule("添加部门", "add departments", ADMINS),
    "departments.change": rule("修改部门", "change departments", ADMINS),
    "departments.remove": rule("撤销部门", "remove departments", ADMINS),
    "people.read": rule("查阅人员", "list people", ADMINS),
    "people.read_own": rule("查阅本人信息", "read what is kept of themselves", EVERYBODY),
    "people.verify_password": rule("核对密码", "check passwords", EVERYBODY),
    "people.add": rule("添加人员", "add people", ADMINS),
    "people.set_password": rule("重置他人密码", "set other people's passwords", ADMINS),
    "people.change_password": rule("修改本人密码", "change their own password", EVERYBODY),
    "people.change": rule("修改人员", "change people", ADMINS),
    "people.disable": rule("停用人员", "disable people", ADMINS),
    "people.hand_over": rule("移交离岗人员的工作", "hand over a leaver's work", ADMINS),
    "people.enable": rule("恢复人员", "let people in again", ADMINS),
    "people.move": rule("调整人员岗位", "move people", ADMINS),
}

SIGNATURES = frozenset({"accept", "review", "decide"})
