"""A walk over the methods and types of the Bot API's description."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping

from PIL import Image, UnidentifiedImageError

from bot.channels import limits
from tests.standins.oracles import Json, load_oracle, too_long, too_many
from tests.standins.recorder import Call, Upload

_BOT_API = "telegram_bot_api.json"


def telegram_faults(call: Call) -> Iterator[str]:
    """Yield where a request strays from the Bot API."""
    if "/file/bot" in call.path:
        return
    name = call.path.rpartition("/")[2]
    methods = {
        key.lower(): method for key, method in load_oracle(_BOT_API)["methods"].items()
    }
    method = methods.get(name.lower())
    if method is None:
        yield f"no such method: {name}"
        return
    given: Json = {**call.form, **dict.fromkeys(call.files, "attach://file")}
    yield from _fields(name, method.get("fields", []), given, is_form=True)


def update_faults(update: Json) -> Iterator[str]:
    """Yield where an Update of our residents strays from Telegram's."""
    yield from _fields(
        "Update", load_oracle(_BOT_API)["types"]["Update"]["fields"], update
    )


def _fields(
    where: str, known: list[Json], given: Json, *, is_form: bool = False
) -> Iterator[str]:
    names = {field["name"]: field for field in known}
    for name in given.keys() - names.keys():
        yield f"{where}: unknown field {name}"
    for name, field in names.items():
        if name not in given:
            if field["required"]:
                yield f"{where}: {name} is missing"
        elif not any(_is(kind, given[name], is_form) for kind in field["types"]):
            yield from _explain(f"{where}.{name}", field["types"], given[name], is_form)


def _explain(
    where: str,
    kinds: list[str],
    value: object,
    is_form: bool,  # noqa: FBT001
) -> Iterator[str]:
    """Yield what is wrong inside an object, or that the value is no such thing."""
    types = load_oracle(_BOT_API)["types"]
    value = _unpacked(value) if is_form else value
    for kind in kinds:
        fields = types.get(kind, {}).get("fields")
        if fields and isinstance(value, dict):
            yield from _fields(where, fields, value)
            return
    yield f"{where}: not {' or '.join(kinds)}"


def _is(kind: str, value: object, is_form: bool) -> bool:  # noqa: FBT001
    """Tell whether `value` is of a kind of the Bot API; in forms all come as text."""
    if is_form and kind not in {"String", "InputFile"}:
        value = _unpacked(value)
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return isinstance(value, list) and all(_is(inner, v, False) for v in value)
    if kind in _PLAIN:
        return _PLAIN[kind](value)
    return isinstance(value, dict) and not any(_object_faults(kind, value))


def _object_faults(kind: str, value: Json) -> Iterator[str]:
    described = load_oracle(_BOT_API)["types"][kind]
    if subtypes := described.get("subtypes"):
        if all(any(_object_faults(one, value)) for one in subtypes):
            yield f"not one of {kind}"
        return
    yield from _fields(kind, described.get("fields", []), value)


_PLAIN: Mapping[str, Callable[[object], bool]] = {
    "String": lambda value: isinstance(value, str),
    "InputFile": lambda value: isinstance(value, str) and value.startswith("attach:"),
    "Integer": lambda value: type(value) is int,
    "Float": lambda value: type(value) in {int, float},
    "Boolean": lambda value: type(value) is bool,
    "True": lambda value: value is True,
}


def _unpacked(value: object) -> object:
    try:
        return json.loads(str(value))
    except ValueError:
        return value


def telegram_limits(call: Call) -> Iterator[str]:
    """Yield which limits of Telegram a request breaks."""
    method, form = call.path.rpartition("/")[2].lower(), call.form
    yield from too_long(limits.TELEGRAM_TEXT, form.get("text", ""))
    yield from too_long(limits.TELEGRAM_CAPTION, form.get("caption", ""))
    yield from too_long(limits.TELEGRAM_SECRET, form.get("secret_token", ""))
    if method == "sendmessage" and not form.get("text", "").strip():
        yield "text is blank"
    rows = json.loads(form.get("reply_markup", "{}")).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    yield from too_many(limits.TELEGRAM_BUTTONS, len(buttons))
    for button in buttons:
        yield from too_long(limits.TELEGRAM_CALLBACK, button["callback_data"])
        if not button["text"].strip():
            yield "a button has no label"
    for name, upload in call.files.items():
        yield from _UPLOADS.get(name, _sound_limits)(upload)
    yield from _command_limits(json.loads(form.get("commands", "[]")))


def _sound_limits(upload: Upload) -> Iterator[str]:
    yield from too_many(limits.TELEGRAM_VOICE, len(upload.content))
    if not upload.filename.endswith(".ogg") or upload.mime != "audio/ogg":
        yield f"sound goes out as {upload.filename} ({upload.mime})"


def _photo_limits(upload: Upload) -> Iterator[str]:
    yield from too_many(limits.TELEGRAM_PHOTO, len(upload.content))
    if not upload.filename.endswith(".jpg") or upload.mime != "image/jpeg":
        yield f"a picture goes out as {upload.filename} ({upload.mime})"
    try:
        with Image.open(io.BytesIO(upload.content)) as picture:
            yield from too_many(limits.TELEGRAM_PHOTO_SIDES, sum(picture.size))
    except UnidentifiedImageError:
        yield "a picture goes out that nobody can open"


def _document_limits(upload: Upload) -> Iterator[str]:
    yield from too_many(limits.TELEGRAM_DOCUMENT, len(upload.content))
    if not upload.filename.endswith(".zip") or upload.mime != "application/zip":
        yield f"a file goes out as {upload.filename} ({upload.mime})"


_UPLOADS = {"photo": _photo_limits, "document": _document_limits}


def _command_limits(commands: list[Json]) -> Iterator[str]:
    yield from too_many(limits.TELEGRAM_COMMANDS, len(commands))
    for command in commands:
        yield from too_long(limits.TELEGRAM_COMMAND, command["command"])
        yield from too_long(limits.TELEGRAM_COMMAND_DESCRIPTION, command["description"])
        if not re.fullmatch("[a-z0-9_]+", command["command"]):
            yield f"no command: {command['command']}"
