"""`/desk/exports`: tables of a round to take away, as CSV or XLSX."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from bot.services.desk.exports import TABLES, export
from bot.services.desk.glance import rounds_at_a_glance
from bot.services.desk.sheets import MIMES
from bot.web.context import house
from bot.web.desk.blueprint import desk
from bot.web.desk.frame import GONE, at_desk, frame, plain

__all__ = ["desk"]


@desk.get("/exports")
def exports() -> ResponseReturnValue:
    """List what can be taken away of each round."""
    return render_template(
        "desk/exports.html",
        **frame(at_desk()),
        said="",
        rounds=rounds_at_a_glance(house()),
        tables=list(TABLES),
    )


@desk.get("/exports/<slug>/<what>.<any(csv, xlsx):form>")
def take_away(slug: str, what: str, form: str) -> ResponseReturnValue:
    """Give a table; who took it is written down."""
    found = export(house(), slug, what, form, at_desk().email)
    if found is None:
        return plain("glance_gone", GONE)
    file, name = found
    answer = Response(file, mimetype=MIMES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
