"""An installation to be examined: its environment, its providers, its web server."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bot.__main__ import build
from bot.app import create_app
from bot.cli import main
from bot.config import read_settings
from bot.store.database import make_engine
from bot.store.migrating import migrate
from tests.e2e.city import HOOK_SECRET, SECRET_KEY, free_port
from tests.serving import serving
from tests.standins.recorder import Call
from tests.standins.server import Answer, Drop, StandIn
from tests.standins.telegram import SECRET, TelegramStandIn
from tests.standins.telegram import TOKEN as BOT_TOKEN
from tests.standins.twilio import SENDER, SID, TwilioStandIn
from tests.standins.twilio import TOKEN as AUTH_TOKEN

SECRETS = (SECRET_KEY, BOT_TOKEN, SECRET, AUTH_TOKEN, HOOK_SECRET)


@dataclass
class Patient:
    """An installation, and the doctor's command on it."""

    env: dict[str, str]
    bot_api: TelegramStandIn
    twilio: TwilioStandIn
    engine: Engine
    results: list[Result] = field(default_factory=list)

    def run(self, *options: str, **env: str | None) -> Result:
        """Run `buurtstem doctor` under the settings, changed by `env`."""
        runner = CliRunner()
        given: Mapping[str, str | None] = {**self.env, **env}
        self.results.append(runner.invoke(main, ["doctor", *options], env=given))
        return self.results[-1]

    def examined(self, **env: str | None) -> dict[str, dict[str, str]]:
        """Return the findings by their names."""
        result = self.run("--json", **env)
        report = json.loads(result.stdout)
        found = {each["name"]: each for each in report["findings"]}
        assert result.exit_code == (1 if report["bad"] else 0)
        assert report["bad"] == any(each["mark"] == "bad" for each in found.values())
        return found

    def mark(self, name: str, **env: str | None) -> str:
        return self.examined(**env)[name]["mark"]

    def write(self, statement: Any) -> None:
        with self.engine.begin() as db:
            db.execute(statement)


@contextmanager
def installed(database: str, folder: Path) -> Iterator[Patient]:
    """Install the product and serve it on this machine, with both providers."""
    url = f"http://127.0.0.1:{free_port()}"
    with TelegramStandIn() as bot_api, TwilioStandIn() as twilio:
        env = _environment(url, database, folder, bot_api, twilio)
        bot_api.webhook = f"{url}/telegram"
        migrate(database)
        engine = make_engine(database)
        with opened(env):
            yield Patient(env, bot_api, twilio, engine)
        engine.dispose()


@contextmanager
def opened(env: Mapping[str, str]) -> Iterator[None]:
    """Serve an installation where its PUBLIC_URL says."""
    port = int(env["PUBLIC_URL"].rpartition(":")[2])
    with (
        closing(build(read_settings(env))) as house,
        serving(create_app(house=house), port),
    ):
        yield


def _environment(
    url: str,
    database: str,
    folder: Path,
    bot_api: TelegramStandIn,
    twilio: TwilioStandIn,
) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": url,
        "MEDIA_URL": str(folder / "media"),
        "WHISPER_ENGINE": "none",
        "HOOK_SECRET": HOOK_SECRET,
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API": bot_api.url,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_SENDER": SENDER,
        "TWILIO_API": twilio.url,
        "SECURITY_CONTACT": "mailto:security@city.example",
    }


class Proxy(StandIn):
    """A server that gives one answer to everything, and is no provider to be judged."""

    status = 200

    def take(self, call: Call) -> Answer | Drop:
        return Answer(self.status)


@contextmanager
def proxy(status: int) -> Iterator[str]:
    """Stand where our PUBLIC_URL leads."""
    with Proxy() as stand_in:
        stand_in.status = status
        yield stand_in.url
