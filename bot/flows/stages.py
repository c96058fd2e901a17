"""How far a plan is, in words."""

from collections.abc import Mapping

from bot.domain.plans import Plan, Status
from bot.domain.say import N_, Say

_ROWS: Mapping[Status, str] = {
    Status.RECEIVED: N_("We have this plan. A person reads it first."),
    Status.PUBLIC: N_("Neighbours can see and support this plan."),
    Status.NEEDS_CHANGE: N_("This plan needs a change."),
    Status.INFEASIBLE: N_("The municipality cannot do this plan now."),
    Status.BELOW_THRESHOLD: N_("This plan had too little support this year."),
    Status.NOT_PRESELECTED: N_("This plan is not on the voting list."),
    Status.ON_BALLOT: N_("This plan is on the voting list."),
    Status.CHOSEN: N_("This plan is chosen."),
    Status.NOT_VOTED_IN: N_("There was not enough money for this plan."),
    Status.STARTED: N_("Work on this plan has started."),
    Status.DONE: N_("This plan is done."),
    Status.STOPPED: N_("Work on this plan has stopped."),
    Status.WITHDRAWN: N_("This plan is taken back."),
}


def stage_row(plan: Plan, status: Status | None = None) -> Say:
    """Return where `plan` stands (or stood, if `status` is given), as one sentence."""
    return status_row(status or plan.status)


def status_row(status: Status) -> Say:
    """Return what a status means, as one sentence."""
    return Say(_ROWS[status])
