"""Where uploaded files lie, as the environment says. The address may hold a password and is never printed."""

from collections.abc import Mapping

from casework.file_store import FileStore
from cli.terminal import stop

FILES = "LIANBAN_FILES"
FORGETFUL = ("memory:", "data:", "http:", "https:")
"""What fsspec understands, but keeps nothing or takes nothing."""


def file_store(environment: Mapping[str, str]) -> FileStore | None:
    """The store at `LIANBAN_FILES`; without it files stay in the database, so that one backup and one file hold all."""
    url = environment.get(FILES, "").strip()
    if not url:
        return None
    try:
        if url.startswith(FORGETFUL) or "::" in url:
            raise ValueError
        return FileStore(url)
    except ImportError as missing:
        raise stop(
            f"{FILES} 所用的存储未安装驱动；S3 请安装 lianban[s3]。",
            f"{FILES}: the driver of this kind of store is not installed; for S3 install lianban[s3].",
        ) from missing
    except ValueError as unknown:
        raise stop(
            f"{FILES} 无法使用，应为能长期存放文件的地址，例如 file:///srv/lianban/files 或 s3://桶/前缀。",
            f"{FILES} cannot be used: write an address that keeps files, such as file:///srv/lianban/files or "
            "s3://BUCKET/PREFIX.",
        ) from unknown
