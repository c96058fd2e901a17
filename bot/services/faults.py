"""What may be logged of an exception: its kind and its place, never its words.

The text of an exception can hold what somebody wrote to us; logs travel further than
the database.
"""

from types import TracebackType


def where(error: BaseException) -> str:
    """Return kind and place: "error=KeyError at=bot/flows/vote.py:81"."""
    last, trace = None, error.__traceback__
    while trace is not None:
        last, trace = trace, trace.tb_next
    return f"error={type(error).__name__} at={_place(last)}"


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return "nowhere"
    path = trace.tb_frame.f_code.co_filename.replace("\\", "/")
    short = "/".join(path.split("/")[-3:])
    return f"{short}:{trace.tb_lineno}"
