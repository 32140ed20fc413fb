"""Where the public finds this office, as the environment says it: the address that the codes on slips lead to."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from cli.terminal import stop

PROGRESS_PAGE = "LIANBAN_PROGRESS_PAGE"
LONGEST = 300


def progress_page(environment: Mapping[str, str]) -> str:
    """The public progress page; by default the one of this server, which only this machine can open."""
    said = environment.get(PROGRESS_PAGE)
    if said is None:
        return f"http://127.0.0.1:{environment.get('PORT', '8080')}/api/public/progress"
    if not _is_address(said):
        raise stop(
            f"{PROGRESS_PAGE} 应为以 https:// 或 http:// 开头、不超过 {LONGEST} 个字符且不含 # 的网址。",
            f"{PROGRESS_PAGE} must be an address with https:// or http://, at most {LONGEST} characters, without #.",
        )
    return said


def _is_address(said: str) -> bool:
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    plain = said.isascii() and said.isprintable() and not set(said) & set(' "#<>\\^`{|}')
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and len(said) <= LONGEST
