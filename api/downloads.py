"""Files that are sent to be saved: under their own names, whatever the script, and never opened as a page of ours."""

from urllib.parse import quote

from flask import Response

UNNAMED = "application/octet-stream"


def attachment(content: bytes, filename: str, media_type: str | None = None) -> Response:
    """Bytes with the name to save them under (RFC 6266): in ASCII for old clients, in UTF-8 for the others."""
    response = Response(content, content_type=media_type or UNNAMED)
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in filename)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    response.headers["Content-Disposition"] = named
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
