"""Files that are sent to be saved: under their own names, whatever the script, and never opened as a page of ours."""

from urllib.parse import quote

from flask import Response

UNNAMED = "application/octet-stream"


def attachment(content: bytes, filename: str, media_type: str | None = None) -> Response:
    """Bytes with the name to save them under, percent-encoded for old clients too (RFC 6266, as Camunda 7 does)."""
    response = Response(content, content_type=media_type or UNNAMED)
    name = quote(filename, safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
