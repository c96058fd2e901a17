"""Answers about trust, kept without a person, a talk or a moment."""

from uuid import uuid4

from sqlalchemy import insert

from bot.domain.effects import AnswerTrust, BeginTrust
from bot.services.doing import Doing
from bot.services.trust_marks import mark_of
from bot.store.dialect import insert_once
from bot.store.trust import TrustAnswer, TrustAsked


def begin_trust(doing: Doing, effect: BeginTrust) -> None:
    """Note that she was asked: once before and once after a round."""
    mark = mark_of(doing.house, doing.talk.resident_id, effect.round, effect.moment)
    values = {"mark": mark, "round_id": doing.view.round_id(effect.round)}
    values["moment"] = effect.moment
    doing.db.execute(insert_once(doing.db, TrustAsked).values(values))


def answer_trust(doing: Doing, effect: AnswerTrust) -> None:
    """Keep an answer, under a random key and tied to nobody."""
    values = {
        "id": uuid4().hex,
        "round_id": doing.view.round_id(effect.round),
        "moment": effect.moment,
        "question": effect.question,
        "answer": effect.answer,
        "language": doing.talk.language,
    }
    doing.db.execute(insert(TrustAnswer).values(values))
