"""What processes of version 0.1 do with the database: the statements they ran."""

import threading
from dataclasses import dataclass, field
from itertools import count
from typing import Self

import psycopg
from sqlalchemy import make_url

from tests.e2e.city import wait_for

PATIENCE = "10s"
"""Longer than anybody may wait behind a migration; whoever waits longer fails."""

TURN = (
    """SELECT id FROM talks
    WHERE channel = 'whatsapp' AND address = '+31612345678' FOR UPDATE""",
    """INSERT INTO inbound_messages (talk_id, channel, external_id, stage, kind, body,
    attempts, received_at)
    VALUES (1, 'whatsapp', %(key)s, 'done', 'text', '{"text": "hallo"}', 0, now())
    ON CONFLICT DO NOTHING RETURNING id""",
    """INSERT INTO outbound_messages (talk_id, channel, dedupe_key, priority, text,
    choices, secret, delivery, attempts, due_at, created_at)
    VALUES (1, 'whatsapp', %(key)s, 0, 'Dank u wel.', '[]', false, 'queued', 0, now(),
    now()) RETURNING id""",
    """UPDATE talks SET state = '{}', last_inbound_at = now(), closed_at = NULL
    WHERE id = 1""",
    """UPDATE residents SET may_write = true WHERE id = 1""",
    """INSERT INTO tasks (kind, talk_id, note, due_at, created_at)
    VALUES ('help', 1, '', now(), now())""",
)
CLAIM = (
    """WITH due AS (
        SELECT o.id FROM outbound_messages o JOIN talks t ON t.id = o.talk_id
        WHERE o.delivery = 'queued' AND o.due_at <= now()
        AND (o.leased_until IS NULL OR o.leased_until < now())
        ORDER BY o.priority, o.due_at, o.id LIMIT 100 FOR UPDATE OF o SKIP LOCKED)
    UPDATE outbound_messages SET leased_until = now() + interval '15 seconds',
    leased_by = 'old', attempts = attempts + 1
    FROM due WHERE outbound_messages.id = due.id""",
    """UPDATE outbound_messages SET delivery = 'sent', sent_at = now(),
    external_id = 'x' || id, leased_until = NULL, leased_by = NULL
    WHERE leased_by = 'old'""",
)


@dataclass
class OldCode:
    """A web process and a worker of version 0.1. Use it as a context."""

    url: str
    turns: int = 0
    claims: int = 0
    errors: list[Exception] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        for work in (self._take_turns, self._claim):
            self.threads.append(threading.Thread(target=self._forever, args=(work,)))
            self.threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for each in self.threads:
            each.join(30)

    def goes_on(self, times: int, seconds: float) -> None:
        """Wait until it has taken and claimed so many more; raises what ended it."""
        turns, claims = self.turns + times, self.claims + times

        def has_gone_on() -> bool:
            if self.errors:
                raise self.errors[0]
            return self.turns > turns and self.claims > claims

        wait_for(has_gone_on, seconds)

    def _forever(self, work: object) -> None:
        address = make_url(self.url).set(drivername="postgresql")
        plain = address.render_as_string(hide_password=False)
        try:
            with psycopg.connect(plain) as connection:
                connection.execute(f"SET lock_timeout = '{PATIENCE}'".encode())
                connection.commit()
                work(connection)  # type: ignore[operator]
        except psycopg.Error as error:
            self.errors.append(error)

    def _take_turns(self, connection: "psycopg.Connection[object]") -> None:
        for number in count():
            if self.ending.wait(0.005):
                return
            with connection.transaction():
                for statement in TURN:
                    connection.execute(statement.encode(), {"key": f"old:{number}"})
            self.turns += 1

    def _claim(self, connection: "psycopg.Connection[object]") -> None:
        while not self.ending.wait(0.005):
            for statement in CLAIM:
                with connection.transaction():
                    connection.execute(statement.encode())
            self.claims += 1
