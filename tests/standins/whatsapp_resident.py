"""A resident with WhatsApp on her phone."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.standins.twilio import TwilioStandIn


@dataclass(frozen=True, slots=True)
class Heard:
    """A message on a resident's phone. `buttons` are pairs of id and label."""

    address: str
    sid: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    kind: str = "text"
    media: tuple[str, ...] = ()
    callback: str = ""


@dataclass(slots=True)
class WhatsAppResident:
    """One person's phone. Each verb returns the HTTP status of the webhook.

    `address` is what stands in From after "whatsapp:": a number or a scoped id. While
    `window_open` is false, only approved templates reach it; `lost` is what did not,
    for a test to report with 63016.
    """

    stand_in: "TwilioStandIn"
    address: str
    extra: dict[str, str] = field(default_factory=dict)
    stopped: bool = False
    window_open: bool = True
    heard: list[Heard] = field(default_factory=list)
    lost: list[Heard] = field(default_factory=list)

    def form(self, **fields: str) -> dict[str, str]:
        """Return an inbound form with `fields`, not sent yet."""
        sid = self.stand_in.new_sid("SM")
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.stand_in.sid,
            "From": f"whatsapp:{self.address}",
            "To": self.stand_in.sender,
            "Body": "",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            "ProfileName": "Ayşe \u202e",
            "ReferralNumMedia": "0",
        }
        if self.address.startswith("+"):
            form["WaId"] = self.address.removeprefix("+")
        return {**form, **self.extra, **fields}

    def says(self, text: str) -> int:
        return self.sends(MessageType="text", Body=text)

    def taps(self, id: str, on: str | None = None) -> int:  # noqa: A002
        """Tap a button or a row of message `on`, else of the newest that has it."""
        message = next((m for m in reversed(self.heard) if id in dict(m.buttons)), None)
        on = on or (message.sid if message else self.stand_in.new_sid("SM"))
        label = dict(message.buttons)[id] if message else "?"
        tapped = {"MessageType": "interactive", "Body": label}
        tapped |= {
            "OriginalRepliedMessageSid": on,
            "OriginalRepliedMessageSender": self.stand_in.sender,
        }
        if message and message.kind == "twilio/list-picker":
            return self.sends(**tapped, ListId=id, ListTitle=label)
        return self.sends(**tapped, ButtonPayload=id, ButtonText=label)

    def sends_voice(self, sound: bytes) -> int:
        return self.sends_file(sound, "audio/ogg; codecs=opus", "audio")

    def sends_photo(self, picture: bytes, caption: str = "") -> int:
        return self.sends_file(picture, "image/jpeg", "image", caption)

    def sends_file(
        self, content: bytes, mime: str, kind: str = "document", caption: str = ""
    ) -> int:
        form = self.form(MessageType=kind, Body=caption, NumMedia="1")
        form["MediaContentType0"] = mime
        form["MediaUrl0"] = self.stand_in.keep(form["MessageSid"], content, mime)
        self.window_open = True
        return self.stand_in.hand_over(form)

    def shares_place(self, latitude: float, longitude: float) -> int:
        place = {"Latitude": str(latitude), "Longitude": str(longitude)}
        return self.sends(MessageType="location", **place)

    def sends(self, **fields: str) -> int:
        """Send anything else: `sends(MessageType="order")`."""
        self.window_open = True
        return self.stand_in.hand_over(self.form(**fields))

    def hears(self, count: int) -> list[Heard]:
        """Wait until `count` messages came in all; return them all."""
        self.stand_in.wait_until(lambda: len(self.heard) >= count)
        return list(self.heard)
