"""What every answer carries, whichever page, error or file it is."""

from flask import Flask, Response, abort, request

from bot.web.context import house

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; frame-ancestors 'none';"
        " base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Cache-Control": "no-store",
}
"""For what has no rules of its own: nothing may be run, framed, kept or told on."""

STAY_SECURE = "max-age=31536000; includeSubDomains"
"""Over HTTPS, a browser that was here asks for this host by HTTPS only, for a year."""


def shield(app: Flask) -> None:
    """Have every answer of `app` carry what a browser needs to keep people safe."""
    app.before_request(_refuse_nothing)
    app.after_request(_cover)


def _refuse_nothing() -> None:
    """Answer 404 where an address holds the one character that no database keeps."""
    if "\0" in request.path:
        abort(404)


def _cover(response: Response) -> Response:
    """Add what a page has not set for itself; what all may read, all may show."""
    headers = response.headers
    if headers.get("Access-Control-Allow-Origin") == "*":
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if house().settings.over_https:
        headers["Strict-Transport-Security"] = STAY_SECURE
    return response
