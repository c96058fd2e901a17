"""What the platforms hold: one row per limit, each with the page it stands on."""

from collections.abc import Callable
from dataclasses import dataclass


def utf16_units(text: str) -> int:
    """Count what Telegram counts: an emoji is 2, an Arabic letter 1."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Count the bytes of `text` on the wire."""
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class TextLimit:
    """At most `most` of what `measure` counts; `page` says who says so."""

    field: str
    most: int
    measure: Callable[[str], int]
    page: str

    def fits(self, text: str) -> bool:
        """Tell whether `text` is short enough."""
        return self.measure(text) <= self.most


@dataclass(frozen=True, slots=True)
class CountLimit:
    """At most `most` things (buttons, variables, bytes of a file)."""

    field: str
    most: int
    page: str

    def fits(self, count: int) -> bool:
        """Tell whether `count` is few enough."""
        return count <= self.most


TELEGRAM_TEXT = TextLimit(
    "sendMessage.text", 4096, utf16_units, "Bot API: sendMessage (stricter unit)"
)
TELEGRAM_CAPTION = TextLimit(
    "sendVoice.caption", 1024, utf16_units, "Bot API: sendVoice"
)
TELEGRAM_CALLBACK = TextLimit(
    "callback_data", 64, utf8_bytes, "Bot API: InlineKeyboardButton"
)
TELEGRAM_SECRET = TextLimit("secret_token", 256, len, "Bot API: setWebhook")
TELEGRAM_COMMAND = TextLimit("command", 32, len, "Bot API: BotCommand")
TELEGRAM_COMMAND_DESCRIPTION = TextLimit(
    "description", 256, utf16_units, "Bot API: BotCommand"
)
TELEGRAM_COMMANDS = CountLimit("commands", 100, "Bot API: setMyCommands")
TELEGRAM_BUTTONS = CountLimit("inline_keyboard", 100, "Bot API: InlineKeyboardMarkup")
TELEGRAM_DOWNLOAD = CountLimit("getFile", 20 * 1024 * 1024, "Bot API: getFile")
TELEGRAM_VOICE = CountLimit("voice", 50 * 1024 * 1024, "Bot API: sendVoice")
TELEGRAM_DOCUMENT = CountLimit("document", 50 * 1024 * 1024, "Bot API: sendDocument")
TELEGRAM_PHOTO = CountLimit("photo", 10 * 1024 * 1024, "Bot API: sendPhoto")
TELEGRAM_PHOTO_SIDES = CountLimit("photo.width+height", 10_000, "Bot API: sendPhoto")

WHATSAPP_BODY = TextLimit("Body", 1600, len, "Twilio: Messages resource; error 21617")
WHATSAPP_RICH_BODY = TextLimit("body", 1024, len, "Twilio: twilio/quick-reply")
WHATSAPP_REPLY_TITLE = TextLimit(
    "actions.title", 20, len, "Meta: Reply Buttons object; Twilio: twilio/quick-reply"
)
WHATSAPP_REPLY_ID = TextLimit("actions.id", 200, len, "Twilio: twilio/quick-reply")
WHATSAPP_REPLIES = CountLimit("actions", 3, "Twilio: twilio/quick-reply, in session")
WHATSAPP_TEMPLATE_REPLIES = CountLimit(
    "actions", 10, "Twilio: twilio/quick-reply, approved"
)
WHATSAPP_LIST_BUTTON = TextLimit("button", 20, len, "Meta: List messages")
WHATSAPP_LIST_TITLE = TextLimit("items.item", 24, len, "Twilio: twilio/list-picker")
WHATSAPP_LIST_ID = TextLimit("items.id", 200, len, "Twilio: twilio/list-picker")
WHATSAPP_LIST_DETAIL = TextLimit(
    "items.description", 72, len, "Twilio: twilio/list-picker"
)
WHATSAPP_LIST = CountLimit("items", 10, "Twilio: twilio/list-picker")
WHATSAPP_VARIABLE = TextLimit(
    "ContentVariables.*", 250, len, "Twilio: Using Variables with Content Templates"
)
WHATSAPP_VARIABLES = CountLimit(
    "variables", 100, "Twilio: Using Variables with Content Templates"
)
WHATSAPP_MEDIA = CountLimit(
    "MediaUrl", 16 * 1024 * 1024, "Twilio: Guidance on WhatsApp Media; error 11751"
)

LIMITS: tuple[TextLimit | CountLimit, ...] = (
    TELEGRAM_TEXT,
    TELEGRAM_CAPTION,
    TELEGRAM_CALLBACK,
    TELEGRAM_SECRET,
    TELEGRAM_COMMAND,
    TELEGRAM_COMMAND_DESCRIPTION,
    TELEGRAM_COMMANDS,
    TELEGRAM_BUTTONS,
    TELEGRAM_DOWNLOAD,
    TELEGRAM_VOICE,
    TELEGRAM_DOCUMENT,
    TELEGRAM_PHOTO,
    TELEGRAM_PHOTO_SIDES,
    WHATSAPP_BODY,
    WHATSAPP_RICH_BODY,
    WHATSAPP_REPLY_TITLE,
    WHATSAPP_REPLY_ID,
    WHATSAPP_REPLIES,
    WHATSAPP_TEMPLATE_REPLIES,
    WHATSAPP_LIST_BUTTON,
    WHATSAPP_LIST_TITLE,
    WHATSAPP_LIST_ID,
    WHATSAPP_LIST_DETAIL,
    WHATSAPP_LIST,
    WHATSAPP_VARIABLE,
    WHATSAPP_VARIABLES,
    WHATSAPP_MEDIA,
)
