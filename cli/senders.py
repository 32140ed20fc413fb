"""Which senders this server has and which notices they carry, as its environment says. A secret is never printed."""

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

from casework.notices import NoticeKind, PostRoom, Sender
from casework.notices.post_room import ALL_OTHERS
from casework.senders import FileSender, PostSender, SecretTooShort
from cli.terminal import stop

CARRIES = "LIANBAN_NOTICES"
FILE = "LIANBAN_NOTICES_FILE"
URL = "LIANBAN_NOTICES_URL"
SECRET, SECRET_FILE = "LIANBAN_NOTICES_SECRET", "LIANBAN_NOTICES_SECRET_FILE"
PLAIN_HTTP = "LIANBAN_NOTICES_PLAIN_HTTP"
GROUP = "lianban.senders"
DEFAULT_FILE = "var/notices.jsonl"

Environment = Mapping[str, str]


def post_room(environment: Environment) -> PostRoom:
    """The senders that `LIANBAN_NOTICES` names, such as `case-received=sms, *=file`; without it there are none.

    Stops the program with a sentence for a kind of notice or a sender that there is not, or a setting that is wrong.
    """
    carries = dict(_pair(pair) for pair in environment.get(CARRIES, "").split(",") if pair.strip())
    return PostRoom({name: _sender(name, environment) for name in set(carries.values())}, carries)


def _pair(text: str) -> tuple[str, str]:
    kind, equals, sender = (part.strip() for part in text.partition("="))
    if not equals or not sender or kind not in {ALL_OTHERS, *NoticeKind}:
        raise stop(
            f"{CARRIES} 中的“{text.strip()}”有误，应写作“通知种类=发送方式”，其他种类写作 *。种类有：{_kinds()}。",
            f"{CARRIES}: “{text.strip()}” must read “kind=sender”, with * for all other kinds. Kinds: {_kinds()}.",
        )
    return kind, sender


def _kinds() -> str:
    return ", ".join(NoticeKind)


def _sender(name: str, environment: Environment) -> Sender:
    if name == "file":
        return FileSender(Path(environment.get(FILE) or DEFAULT_FILE))
    if name == "http":
        return _post_sender(environment)
    plugged_in = {point.name: point for point in entry_points(group=GROUP)}
    if name not in plugged_in:
        known = ", ".join(["file", "http", *sorted(plugged_in)])
        raise stop(
            f"{CARRIES} 中的发送方式“{name}”未安装，可用的有：{known}。",
            f"{CARRIES}: there is no sender “{name}”. There are: {known}.",
        )
    sender: Sender = plugged_in[name].load()
    return sender


def _post_sender(environment: Environment) -> Sender:
    try:
        return PostSender(
            environment.get(URL, ""), _secret(environment), allows_plain_http=environment.get(PLAIN_HTTP) == "yes"
        )
    except SecretTooShort as guessable:
        raise stop(
            f"{SECRET} 至少须有 16 个字节，也可用 {SECRET_FILE} 指明存放它的文件。",
            f"{SECRET} must have at least 16 bytes; {SECRET_FILE} may name a file that holds it.",
        ) from guessable
    except ValueError as unsafe:
        raise stop(
            f"{URL} 须为 https 地址，或本机的 http 地址；内网确需明文传送时设 {PLAIN_HTTP}=yes。",
            f"{URL} must be an https address, or http on this machine; {PLAIN_HTTP}=yes allows plain http elsewhere.",
        ) from unsafe


def _secret(environment: Environment) -> bytes:
    """From the file where one is named, without the newline at its end."""
    file = environment.get(SECRET_FILE)
    if not file:
        return environment.get(SECRET, "").encode()
    try:
        return Path(file).read_bytes().rstrip(b"\r\n")
    except OSError as unreadable:
        raise stop(
            f"无法读取 {SECRET_FILE} 所指的文件 {file}。", f"The file {file} that {SECRET_FILE} names cannot be read."
        ) from unreadable
