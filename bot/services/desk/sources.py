"""The sources of Today: a part of the desk adds its own in one line."""

from bot.services.desk.clocks import contacts, first_answers, silent_checkins
from bot.services.desk.elsewhere import (
    advice,
    contacts_left,
    money,
    second_person,
    untold,
)
from bot.services.desk.inbox import notes, tasks
from bot.services.desk.today import Source

SOURCES: tuple[Source, ...] = (
    tasks,
    notes,
    first_answers,
    advice,
    second_person,
    contacts,
    untold,
    silent_checkins,
    money,
    contacts_left,
)
