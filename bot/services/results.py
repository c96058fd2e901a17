"""What was decided about plans: kept, and told to each author personally.

First everything is checked, then everything is written, then people are told: a call
that is turned down has changed nothing, and a story counts what the call itself says.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, update

from bot.domain.kinds import CORRECTED, STATUS
from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.rounds import Round
from bot.domain.say import Free, Local, Param, Reply, Say
from bot.services import awards, news, stories
from bot.services.answers import Answer, Fault, NotNowError
from bot.services.catalog import touch
from bot.services.decisions import FINAL, HOOK, is_final, plans_in_round, write_decision
from bot.services.figures import figures, voting_list
from bot.services.freezing import frozen
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.services.stories import OUTCOMES, Contact, Story
from bot.store.civic import PlanRow


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a call. Texts are {locale: text}, empty where not given."""

    plan: int
    outcome: Status
    reason: Texts = field(default_factory=dict)
    contact: Contact | None = None
    amount: Money | None = None
    call_before: date | None = None
    selectors: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """A call that publishes outcomes. `standing` is "provisional" or "final"."""

    round: str
    standing: str
    decisions: tuple[Decided, ...]
    next_step: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """One outcome that was published wrongly: what was said, and what is right."""

    plan: int
    was: Status
    now: Status
    reason: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corrections:
    """A call that takes published outcomes back."""

    round: str
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One decision of a call beside its plan. `path` is where it stands in the body."""

    path: str
    decided: Decided
    plan: Row[Any]


def publish(
    scene: Scene,
    results: Results,
    call: str,
    by: str = HOOK,
    *,
    followers: bool = True,
) -> Answer:
    """Keep the outcomes and tell every author; `call` makes the messages unique.

    `by` is who decided, for the history of each plan. Without `followers` those hear
    it later (`tell_followers`). What stands in the books already, word for word, is
    not told again. Raises FaultyCallError for a round or plan that is
    not there, NotNowError for a plan of another round or with another final outcome.
    """
    a_round, cases = _cases(scene, results)
    _refuse_other_finals(cases)
    answer = Answer()
    fresh = [case for case in cases if _keep(scene, results, case, answer, by)]
    _warn_frozen(scene, cases, answer)
    touch(scene.db)
    round_id = cases[0].plan.round_id
    room = voting_list(scene, round_id)
    post = _Post(Telling(scene, a_round.zone, round_id), f"results:{call}", answer)
    for case in fresh:
        story = _story(results, case, a_round, room, post)
        letter = Letter(case.decided.outcome.value, _slots(case.plan, story))
        told, is_chosen = stories.told(story), case.decided.outcome is Status.CHOSEN
        if is_chosen:
            told = awards.with_face(scene, case.plan.id, told)
        post.to_authors(case.plan, _news(case.plan, told, letter))
        if followers:
            post.to_followers(case.plan, _follower_news(case))
        if is_chosen and by != HOOK:  # the city's system says itself all that goes out
            awards.tell_steps(post.telling, case.plan, post.key)
    return answer


def tell_followers(scene: Scene, results: Results, call: str) -> Answer:
    """Tell those who follow these plans what `publish` told the authors alone.

    A plan whose outcome is another one by now is passed over. Raises like `publish`.
    """
    answer = Answer()
    a_round, cases = _cases(scene, results)
    telling = Telling(scene, a_round.zone, cases[0].plan.round_id)
    post = _Post(telling, f"results:{call}", answer)
    for case in cases:
        if case.plan.outcome == case.decided.outcome:
            post.to_followers(case.plan, _follower_news(case))
    return answer


def rehearse(
    scene: Scene, results: Results, wanted: Collection[int], votes: Mapping[int, int]
) -> dict[int, Reply]:
    """Return what the authors of these plans would be told; nothing is written or sent.

    `votes` are those of a count that is not kept beside the plans yet, by number.
    Raises like `publish`.
    """
    a_round, cases = _cases(scene, results, lock=False)
    outcomes = {each.plan: each.outcome for each in results.decisions}
    room = voting_list(scene, cases[0].plan.round_id, outcomes)
    post = _Post(Telling(scene, a_round.zone), "", Answer())
    told = {}
    for case in cases:
        if case.plan.number in wanted:
            story = _story(results, case, a_round, room, post)
            counted = votes.get(case.plan.number, story.figures.votes)
            known = replace(story.figures, votes=counted)
            told[case.plan.number] = stories.told(replace(story, figures=known))
    return told


def _cases(
    scene: Scene, results: Results, *, lock: bool = True
) -> tuple[Round, list[_Case]]:
    """Return the round, and each decision beside its plan."""
    numbers = [each.plan for each in results.decisions]
    a_round, plans = plans_in_round(scene, results.round, numbers, _PATH, lock=lock)
    pairs = zip(results.decisions, plans, strict=True)
    return a_round, [_Case(f"{_PATH}[{at}]", *pair) for at, pair in enumerate(pairs)]


_PATH = "data.decisions"


def _follower_news(case: _Case) -> News:
    named = news.plan_rows(case.plan.number, case.plan.title or {})
    others = stories.news_for_follower(named, case.decided.outcome)
    return _for_followers(case.plan, others, stories.stage(case.decided.outcome))


def _warn_frozen(scene: Scene, cases: Sequence[_Case], answer: Answer) -> None:
    """Say which outcomes do not change the ballot, because it is frozen."""
    kept = frozen(scene.db, cases[0].plan.round_id)
    if kept is None:
        return
    for case in cases:
        doubt = kept.doubt(case.plan.number, case.decided.outcome, scene.now)
        if doubt:
            answer.warn(f"{case.path}.outcome", doubt)


def correct(
    scene: Scene,
    corrections: Corrections,
    call: str,
    by: str = HOOK,
    *,
    followers: bool = True,
) -> Answer:
    """Take outcomes back; author and followers hear what was wrong and what holds.

    Without `followers` only the authors hear it: the others were told nothing yet.
    Raises FaultyCallError for a round or plan that is not there, NotNowError for a plan
    of another round, or whose outcome is not the one that is taken back.
    """
    numbers = [each.plan for each in corrections.corrections]
    path = "data.corrections"
    a_round, plans = plans_in_round(scene, corrections.round, numbers, path)
    _refuse_other_pasts(corrections.corrections, plans, path)
    telling = Telling(scene, a_round.zone, plans[0].round_id)
    post = _Post(telling, f"correct:{call}", Answer())
    pairs = list(zip(corrections.corrections, plans, strict=True))
    for each, plan in pairs:
        data = {"reason": dict(each.reason), "corrected_from": each.was.value}
        write_decision(scene, plan, each.now, plan.standing or FINAL, data, by)
    touch(scene.db)
    for each, plan in pairs:
        own = news.own_plan(plan.number, plan.title, plan.text)
        mine = stories.corrected(Story(each.now, own, reason=each.reason), each.was)
        named = news.plan_rows(plan.number, plan.title or {})
        others = stories.corrected_for_follower(named, each.was, each.now)
        holds = stories.stage(each.now)
        letter = Letter(CORRECTED, news.own_slots(plan) | {"words": holds})
        post.to_authors(plan, _news(plan, mine, letter))
        if followers:
            post.to_followers(plan, _for_followers(plan, others, holds))
    return post.answer


def _news(plan: Row[Any], reply: Reply, letter: Letter) -> News:
    """Return news of a decision; it asks for a next step if it offers one."""
    about = {"kind": "results", "plan": plan.number}
    return News(reply, letter, about if stories.CALL in reply.buttons else None)


def _slots(plan: Row[Any], story: Story) -> dict[str, Param]:
    """Return what an author's template leaves open, as far as it is known."""
    slots = news.own_slots(plan)
    if story.reason:
        slots["words"] = Local(story.reason)
    if story.contact:
        slots["contact"] = Free(story.contact.name)
    return slots


def _for_followers(plan: Row[Any], reply: Reply, stage: Say) -> News:
    slots = news.public_slots(plan) | {"words": stage}
    return News(reply, Letter(STATUS, slots))


def _refuse_other_finals(cases: Sequence[_Case]) -> None:
    faults = [
        Fault(f"{case.path}.outcome", f"the final outcome is {case.plan.outcome}")
        for case in cases
        if is_final(case.plan) and case.plan.outcome != case.decided.outcome
    ]
    if faults:
        raise NotNowError(faults)


def _refuse_other_pasts(
    corrections: Sequence[Correction], plans: Sequence[Row[Any]], path: str
) -> None:
    faults = [
        Fault(f"{path}[{at}].from", f"the outcome is {_present(plan)}")
        for at, (each, plan) in enumerate(zip(corrections, plans, strict=True))
        if _present(plan) != each.was
    ]
    if faults:
        raise NotNowError(faults)


def _present(plan: Row[Any]) -> str:
    """Return the outcome that holds; where staff only set a status, that one."""
    if plan.outcome:
        return str(plan.outcome)
    return plan.status if plan.status in OUTCOMES else "not published"


def _keep(scene: Scene, results: Results, case: _Case, answer: Answer, by: str) -> bool:
    """Write a decision; False if there is nothing new in it, or nobody to hear it."""
    plan, decided = case.plan, case.decided
    if plan.status == Status.WITHDRAWN:
        answer.warn(case.path, "its author took this plan back: nobody is told")
        return False
    standing = FINAL if is_final(plan) else results.standing
    data = _as_json(decided, results.next_step)
    if (plan.outcome, plan.standing, plan.data) == (decided.outcome, standing, data):
        answer.warn(case.path, "was published before: nobody is told again")
        return False
    write_decision(scene, plan, decided.outcome, standing, data, by)
    if contact := data.get("contact"):
        helped = update(PlanRow).where(PlanRow.id == plan.id)
        scene.db.execute(helped.values(contact=contact))
    return True


def _as_json(decided: Decided, next_step: Texts) -> dict[str, Any]:
    """Return what is kept of a decision: only what was given."""
    contact, amount = decided.contact, decided.amount
    kept = {
        "reason": dict(decided.reason),
        "contact": contact and {"name": contact.name, "phone": contact.phone},
        "amount_cents": amount and amount.cents,
        "call_before": decided.call_before and decided.call_before.isoformat(),
        "selectors": dict(decided.selectors),
        "next_step": dict(next_step),
    }
    return {name: value for name, value in kept.items() if value}


def _story(
    results: Results,
    case: _Case,
    a_round: Round,
    room: tuple[int | None, int | None],
    post: "_Post",
) -> Story:
    """Return what the author is told; what is not true is left out, with a warning."""
    decided, plan = case.decided, case.plan
    scene = post.telling.scene
    known = figures(plan, a_round, room, scene.now)
    today = scene.now.astimezone(ZoneInfo(a_round.zone)).date()
    late = decided.call_before is not None and decided.call_before <= today
    for path, doubt in _doubts(case, late=late, below=known.supports is not None):
        post.answer.warn(path, doubt)
    return Story(
        outcome=decided.outcome,
        named=news.own_plan(plan.number, plan.title, plan.text),
        figures=known,
        reason=decided.reason,
        contact=decided.contact,
        amount=decided.amount,
        call_before=None if late else decided.call_before,
        selectors=decided.selectors or a_round.selectors,
        next_step=results.next_step,
        provisional=results.standing != FINAL and not is_final(plan),
    )


def _doubts(case: _Case, *, late: bool, below: bool) -> Iterator[tuple[str, str]]:
    """Name what an official should look at again, though it was accepted."""
    outcome = case.decided.outcome
    if outcome is Status.BELOW_THRESHOLD and not below:
        count = f"this plan has {case.plan.supports} supports, which is enough: "
        yield f"{case.path}.outcome", count + "the numbers are left out"
    if outcome is Status.ON_BALLOT and not case.plan.title:
        yield f"{case.path}.plan", "has no public title yet: nobody can choose it"
    if late:
        yield f"{case.path}.call_before", "is not in the future: the row is left out"


@dataclass(frozen=True, slots=True)
class _Post:
    """How the messages of one call go out, and the answer that counts them."""

    telling: Telling
    key: str
    answer: Answer

    def to_authors(self, plan: Row[Any], mine: News) -> None:
        """Tell a plan's author; count who is reached."""
        hers = news.authors(self.telling.scene.db, plan.resident_id)
        if not hers:
            self.answer.unreachable.append(plan.number)
        for reader in hers:
            key = f"{self.key}:{plan.id}"
            self.answer.told += bool(news.tell(self.telling, reader, mine, key))

    def to_followers(self, plan: Row[Any], others: News) -> None:
        """Tell those who follow a plan, its author apart; count who is reached."""
        for reader in news.followers(self.telling.scene.db, plan.id):
            if reader.resident_id != plan.resident_id:
                key = f"{self.key}:{plan.id}:{reader.resident_id}"
                due = news.tell(self.telling, reader, others, key)
                self.answer.followers += bool(due)
