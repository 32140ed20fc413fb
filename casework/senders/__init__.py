"""The senders in the box. SMS and others plug in by the entry point group `lianban.senders`."""

from casework.senders.file import FileSender
from casework.senders.post import PostSender, SecretTooShort, UnsafeAddress

__all__ = ["FileSender", "PostSender", "SecretTooShort", "UnsafeAddress"]
