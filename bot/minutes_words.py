"""The words of what is printed of a result: the record, and a picture for chats."""

from collections.abc import Iterator, Sequence

from bot.domain.languages import pick_text
from bot.domain.say import N_, NN_, Free, Moment, Param, Say
from bot.i18n import direction, render
from bot.public_result import PublicResult
from bot.public_round import PublicRound
from bot.public_words import counted, day, route_name, word
from bot.services.minutes import Later, Record
from bot.services.open_rounds import OpenRound
from bot.services.outages import Gap
from bot.services.publishing import Published
from letters import Chart, Minutes, Row, Section, Table

_MISSED = NN_("%(n)s message came in afterwards.", "%(n)s messages came in afterwards.")
_ACTS = {
    "void": N_("Passes made void: %(count)s."),
    "replace": N_("Passes replaced: %(count)s."),
    "recast": N_("Passes used anew by their holder: %(count)s."),
}


def minutes(record: Record, language: str) -> Minutes:
    """Return the record of a count in a language."""
    a_round = record.a_round
    about = PublicRound(record.found, language)
    result = PublicResult(record.found, record.result, language)
    city = {"city": a_round.municipality}
    return Minutes(
        language=language,
        right_to_left=direction(language) == "rtl",
        municipality=_text(N_("Municipality of %(city)s"), language, **city),
        heading=_text(N_("Record of the count"), language),
        title=about.title,
        sections=tuple(_sections(record, about, result, language)),
        signatures=_text(N_("Signatures"), language),
        signing=(
            _text(N_("Name"), language),
            _text(N_("Place and day"), language),
            _text(N_("Signature"), language),
        ),
    )


def chart(found: OpenRound, result: Published, language: str, page: str) -> Chart:
    """Return the votes for each plan as a picture, which names the `page` about it."""
    told = PublicResult(found, result, language)
    most = max(map(float, told.outcome.totals.values()), default=0) or 1
    return Chart(
        language=language,
        right_to_left=direction(language) == "rtl",
        heading=word("bars", language),
        title=PublicRound(found, language).title,
        full=word("chosen", language),
        dashed=word("not_chosen", language),
        rows=tuple(
            Row(
                each.number,
                each.title,
                each.votes,
                float(told.outcome.totals[each.number]) / most,
                each.chosen,
            )
            for each in told.ranked
        ),
        page=page,
    )


def _sections(
    record: Record, about: PublicRound, result: PublicResult, language: str
) -> Iterator[Section]:
    yield _result(record, result, language)
    yield _rules(about, language)
    yield _turnout(result, language)
    yield Section(
        word("steps", language),
        items=tuple(result.steps),
        numbered=True,
    )
    ties = tuple(result.ties) or (word("no_ties", language),)
    drawn = (result.lot,) if result.lot else ()
    yield Section(word("ties", language), paragraphs=(*ties, *drawn))
    if margins := tuple(result.margins):
        yield Section(word("margins", language), items=margins)
    yield Section(
        _text(N_("What did not go as planned"), language),
        paragraphs=tuple(_incidents(record, language))
        or (_text(N_("Nothing is written down."), language),),
    )
    yield _chain(record, result, language)


def _result(record: Record, result: PublicResult, language: str) -> Section:
    heads = ("number", "plan", "votes", "cost", "result")
    rows = tuple(
        (
            each.number,
            each.title,
            each.votes,
            each.cost,
            word("chosen" if each.chosen else "not_chosen", language),
        )
        for each in result.ranked
    )
    version: dict[str, Param] = {"version": record.result.version}
    return Section(
        word("result", language),
        paragraphs=(
            result.published,
            _text(N_("Version of the result: %(version)s"), language, **version),
            *(f"{each.told} {each.reason}" for each in result.corrections),
            result.chosen,
        ),
        tables=(Table(tuple(word(head, language) for head in heads), rows),),
    )


def _rules(about: PublicRound, language: str) -> Section:
    dates = tuple((each.phase, each.begins) for each in about.dates)
    heads = (word("phase", language), word("begins", language))
    codes = []
    if about.hash:
        codes.append((_text(N_("The hash of the settings:"), language), about.hash))
    return Section(
        word("rules", language),
        paragraphs=(*about.rules, word("equal", language), *about.ties),
        codes=tuple(codes),
        tables=(Table(heads, dates),),
    )


def _turnout(result: PublicResult, language: str) -> Section:
    names = (name for _, name in result.languages)
    heads = (word("route", language), *names, word("all", language))
    tables = [Table(heads, tuple((name, *figures) for name, figures in result.routes))]
    if passes := tuple(result.passes):
        columns = ("voters", "sent", "used")
        tables.append(Table(tuple(word(each, language) for each in columns), passes))
    return Section(
        word("turnout", language),
        paragraphs=(result.ballots, word("hidden", language)),
        tables=tuple(tables),
    )


def _incidents(record: Record, language: str) -> Iterator[str]:
    """Tell outages, moves of the closing, acts on passes, and notices to observers."""
    zone = record.a_round.zone
    for gap in record.outages:
        yield from _outage(gap, zone, language)
    for move in record.moves:
        yield from _move(move, zone, language)
    for act, msgid in _ACTS.items():
        if many := record.acts.get(act, 0):
            yield _text(msgid, language, count=many)
    if record.groups:
        yield from _groups(record.groups, language)
    if record.observers:
        told = N_("Observers who were given the ballots: %(count)s.")
        yield _text(told, language, count=record.observers)


def _outage(gap: Gap, zone: str, language: str) -> Iterator[str]:
    told = N_("%(channel)s could not be reached. From: %(begin)s. To: %(end)s.")
    yield _text(
        told,
        language,
        channel=Free(route_name(gap.channel, language)),
        begin=Moment(gap.began_at, zone),
        end=Moment(gap.ended_at, zone),
    )
    if gap.missed:
        yield counted(_MISSED, gap.missed, language)


def _move(move: Later, zone: str, language: str) -> Iterator[str]:
    closing = Moment(move.closes, zone)
    yield _text(N_("Voting closed later: %(closing)s."), language, closing=closing)
    yield pick_text(move.reason, language)


def _groups(groups: Sequence[int], language: str) -> Iterator[str]:
    told = N_("Groups of identical ballots above 2 percent: %(count)s.")
    yield _text(told, language, count=len(groups))
    sizes = Free(", ".join(map(str, groups)))
    yield _text(N_("Ballots in these groups: %(sizes)s."), language, sizes=sizes)
    yield _text(N_("This can be normal. It is a notice for observers."), language)


def _chain(record: Record, result: PublicResult, language: str) -> Section:
    codes = [(word("check_hash", language), result.hash)]
    if record.found.chain:
        codes.insert(0, (word("chain_value", language), record.found.chain.value))
    told = [word("chain_told", language)]
    if record.sealed_at:
        at = day(record.sealed_at, record.a_round.zone, language)
        told.append(_text(N_("The ballots were sealed: %(day)s"), language, day=at))
    return Section(
        word("chain", language),
        paragraphs=tuple(told),
        codes=tuple(codes),
    )


def _text(msgid: str, language: str, **params: Param) -> str:
    return render(Say(msgid, params), language)
