"""Tables to take away from a page: a file that is formula-safe, and a line of who."""

from collections.abc import Iterable, Sequence

from flask import Response

from bot.services.desk.audit import note_taken
from bot.services.desk.sheets import MIMES, Row, as_file
from bot.web.context import house
from bot.web.desk.frame import ZONE, at_desk


def table_file(
    name: str, form: str, head: Sequence[str], rows: Iterable[Row]
) -> Response:
    """Return a table as the file `name`, as CSV or XLSX; the trail keeps who took it.

    `name` is a machine word; `form` is a key of `MIMES`.
    """
    note_taken(house(), at_desk().email, name, form)
    file = Response(as_file(form, head, rows, ZONE, name), mimetype=MIMES[form])
    file.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return file
