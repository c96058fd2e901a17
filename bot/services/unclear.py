"""Notes that a person listened to and could not make out: she is asked, never left.

She may say it once more or be called. Whoever cannot be told gets a call.
"""

from datetime import timedelta

from bot.domain.effects import TaskKind
from bot.domain.plans import CHANGEABLE, Status
from bot.domain.say import N_, Button, Reply, Say
from bot.services.desk.audit import note
from bot.services.dictation import Outcome, ask_again, call_row, unclear_rows
from bot.services.doing import ANSWER_DAYS
from bot.services.house import House, Scene
from bot.services.listening import (
    AnyRow,
    Written,
    answer,
    claim_task,
    plan_of,
    tell_author,
    waiting_for,
)
from bot.services.officials import Person
from bot.services.outbox import Owed
from bot.services.stories import CALL
from bot.services.talks import talk_by_id
from bot.services.task_rows import open_task
from bot.services.turning import load_state


def ask_once_more(house: House, task_id: int, official: Person) -> Written:
    """Tell her that a note could not be made out, and ask for it again. Commits.

    The note stays kept. Raises DictationError for a task that is not open.
    """
    now, by = house.clock(), official.email
    asked, owed = house.db.run(lambda db: _ask(Scene(house, db, now), task_id, by))
    house.postman.push(owed)
    return asked


def _ask(scene: Scene, task_id: int, by: str) -> tuple[Written, list[Owed]]:
    task = claim_task(scene, task_id, by)
    note(scene, by, "note.unclear", f"task:{task_id}")
    if task.plan_id is not None:
        return _about_plan(scene, task), []
    talk = talk_by_id(scene, task.talk_id)
    before = load_state(scene.house, talk)
    after = ask_again(before, task.media_id, waiting_for(scene, talk, task))
    asked, owed = answer(scene, talk, after, f"unclear:{task.id}")
    if after.reply is not None and not asked.told:
        _have_called(scene, task)
    return asked, owed


def _about_plan(scene: Scene, task: AnyRow) -> Written:
    """Ask the author of a stored plan; without any words somebody calls as well."""
    plan, is_place = plan_of(scene, task)
    told = tell_author(
        scene, plan, _plan_unclear(plan, is_place=is_place), f"unclear:{task.id}"
    )
    if not told or not plan.text:
        _have_called(scene, task)
    return Written(Outcome.ASKED_AGAIN, told=told)


def _plan_unclear(plan: AnyRow, *, is_place: bool) -> Reply:
    says = (Say(N_("Plan %(plan)s."), {"plan": plan.number}), *unclear_rows())
    if is_place or Status(plan.status) not in CHANGEABLE:
        return Reply((*says, call_row()), (CALL,))
    change = Button(f"change:{plan.number}", Say(N_("Change my plan")))
    again = Say(N_("Say it once more? Tap: Change my plan."))
    return Reply((*says, again, call_row()), (change, CALL))


def _have_called(scene: Scene, task: AnyRow) -> None:
    """Ask somebody to call her, with the note to hear what there is to hear."""
    call = {"kind": TaskKind.CALL, "talk_id": task.talk_id, "plan_id": task.plan_id}
    due = scene.now + timedelta(days=ANSWER_DAYS)
    call |= {"media_id": task.media_id, "due_at": due, "created_at": scene.now}
    open_task(scene.db, call)
