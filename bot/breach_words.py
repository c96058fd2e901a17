"""A breach in words: the report, whom to tell, and texts to begin from.

For officials, in Dutch and English; the notice to residents in all four languages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.breach import Advice, Kind, notify_by
from bot.domain.rounds import HOME_ZONE
from bot.logs import shown
from bot.services.breach import Account, Asked, Breach, Login, Taken

NL, EN = "nl", "en"
REPORT_LANGUAGES = (NL, EN)
_ZONE = ZoneInfo(HOME_ZONE)
_LINES: Mapping[str, tuple[str, str]] = {
    "title": ("Datalek: wat er is gebeurd", "Data breach: what happened"),
    "span": ("Van {0} tot {1}.", "From {0} to {1}."),
    "by": (
        "Ontdekt {0}. Melden bij de AP kan tot {1}: nog {2} uur.",
        "Discovered {0}. The AP can be told until {1}: {2} hours left.",
    ),
    "late": (
        "Ontdekt {0}. De 72 uur waren om op {1}: meld alsnog, met de reden.",
        "Discovered {0}. The 72 hours ended {1}: tell the AP still, with the reason.",
    ),
    "accounts": ("Wie deed iets", "Who did something"),
    "suspect": ("verdacht", "suspect"),
    "nobody": ("Niemand.", "Nobody."),
    "logins": ("Inloggen vanaf een nieuwe plek", "Logins from a new place"),
    "failed": ("Mislukt inloggen: {0}.", "Failed logins: {0}."),
    "open": (
        "Sessies die nog open zijn: {0}. Zet accounts stil op het bureau.",
        "Sessions still open: {0}. Suspend accounts at the desk.",
    ),
    "taken": ("Meegenomen", "Taken away"),
    "recordings": (
        "Geluid en foto's geopend: {0}.",
        "Recordings and photos opened: {0}.",
    ),
    "starts": ("Gestart volgens het logboek", "Started, says the log"),
    "kinds": (
        "Bewoners per soort gegeven (bewaard / gezien / mogelijk gezien)",
        "Residents per kind of data (kept / seen / possibly seen)",
    ),
    "limits": (
        (
            "Alleen kijken naar een pagina staat niet in het logboek. Wie onterecht "
            "binnen was, kan alles van het bureau hebben gezien. Stemmen staan los van "
            "personen."
        ),
        (
            "Merely looking at a page is not in the trail. Whoever was in wrongly may "
            "have seen all that the desk shows. Votes are apart from people."
        ),
    ),
    "weighed": (
        "Waar de cijfers op wijzen (een mens beslist)",
        "What the figures point to (a person decides)",
    ),
    "authority": (
        "Melden bij de Autoriteit Persoonsgegevens (AVG 33): {0}.",
        "Notifying the Autoriteit Persoonsgegevens (GDPR 33): {0}.",
    ),
    "residents": (
        "Bewoners inlichten (AVG 34): {0}.",
        "Telling residents (GDPR 34): {0}.",
    ),
    "register": (
        "In het register van datalekken: altijd (AVG 33, lid 5).",
        "In the register of breaches: always (GDPR 33(5)).",
    ),
    "tell": ("Wie u het vertelt", "Whom to tell"),
    "none": ("Niets.", "Nothing."),
}
_ADVICE: Mapping[Advice, tuple[str, str]] = {
    Advice.LIKELY: ("waarschijnlijk wel", "probably yes"),
    Advice.UNCLEAR: ("een mens moet het wegen", "a person has to weigh it"),
    Advice.UNLIKELY: ("waarschijnlijk niet", "probably not"),
}
_BECAUSE: Mapping[str, tuple[str, str]] = {
    "nothing_touched": (
        "Er is geen spoor dat gegevens van bewoners zijn gelezen.",
        "There is no trace that data about residents were read.",
    ),
    "only_known_accounts": (
        "Alleen bekende accounts op bekende plekken lazen gegevens.",
        "Only known accounts in known places read data.",
    ),
    "in_wrong_hands": (
        "Een account of de machine was mogelijk in verkeerde handen.",
        "An account or the machine may have been in wrong hands.",
    ),
    "high_risk": (
        "Er zijn gegevens bij waarmee iemand schade kan lijden.",
        "Some of the data can be used to hurt somebody.",
    ),
}
_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ADDRESSES: ("adres in de chat", "chat address"),
    Kind.PHONES: ("telefoonnummer om te bellen", "phone number to call"),
    Kind.MESSAGES: ("berichten", "messages"),
    Kind.VOICES: ("stem (geluid en tekst ervan)", "voice (sound and its text)"),
    Kind.PHOTOS: ("foto's", "photos"),
    Kind.PLANS: ("eigen plan", "own plan"),
    Kind.FOLLOWING: ("steun en volgen", "supports and follows"),
    Kind.VOTED: ("dat iemand stemde (niet wat)", "that somebody voted (not what)"),
    Kind.UNSENT_VOTES: ("stem in wording, versleuteld", "unfinished vote, encrypted"),
}
_TELL: Sequence[tuple[str, str]] = (
    (
        "Nu: de functionaris gegevensbescherming (FG) en de CISO van de gemeente.",
        "Now: the municipality's data protection officer (FG) and its CISO.",
    ),
    (
        "Nu: de Informatiebeveiligingsdienst (IBD), het CERT van de gemeenten.",
        "Now: the Informatiebeveiligingsdienst (IBD), the municipalities' CERT.",
    ),
    (
        (
            "Binnen 72 uur: de Autoriteit Persoonsgegevens, via het meldloket "
            "datalekken op autoriteitpersoonsgegevens.nl. Een voorlopige melding mag."
        ),
        (
            "Within 72 hours: the Autoriteit Persoonsgegevens, through the breach desk "
            "on autoriteitpersoonsgegevens.nl. A first, incomplete notice may be sent."
        ),
    ),
    (
        "Vraag de FG: geldt ook een meldplicht voor digitale veiligheid (24 uur)? [L]",
        "Ask the FG: does cyber security law ask for a report too (24 hours)? [L]",
    ),
    (
        "Bij een misdrijf: doe aangifte bij de politie. Bewaar eerst de sporen.",
        "If it is a crime: report it to the police. Keep the traces first.",
    ),
)
_PROCESSORS: Mapping[str, tuple[str, str]] = {
    "whatsapp": (
        "Twilio, en daarachter Meta, voor WhatsApp. Trek TWILIO_AUTH_TOKEN in.",
        (
            "Twilio, and Meta through Twilio: processors for WhatsApp. Revoke "
            "TWILIO_AUTH_TOKEN."
        ),
    ),
    "telegram": (
        "Telegram: maak bij @BotFather een nieuw TELEGRAM_TOKEN.",
        "Telegram: make a new TELEGRAM_TOKEN with @BotFather.",
    ),
}
_SYSTEMS = (
    "De beheerders van de eigen systemen die meldingen krijgen: {0}.",
    "Whoever runs the city's own systems that receive events: {0}.",
)
_NOTICE: Mapping[str, tuple[str, ...]] = {
    "nl": (
        "Dit is een bericht van de gemeente.",
        "Iemand kon uw gegevens bij Buurtstem zien. Dat mocht niet.",
        "Het gaat om: [noem de gegevens].",
        "Het lek is dicht sinds [dag].",
        "Uw stem is geheim gebleven. [Controleer dit eerst.]",
        "Geef niemand codes of geld, ook als iemand ons noemt.",
        "Vragen? Bel [naam] op [nummer].",
    ),
    "en": (
        "This is a message from the municipality.",
        "Somebody could see your data at Buurtstem. That was not allowed.",
        "It is about: [name the data].",
        "The leak has been closed since [day].",
        "Your vote stayed secret. [Check this first.]",
        "Give nobody codes or money, even if they name us.",
        "Questions? Call [name] on [number].",
    ),
    "tr": (
        "Bu, belediyeden bir mesajdır.",
        "Birisi Buurtstem'deki bilgilerinizi görebildi. Buna izin yoktu.",
        "Söz konusu bilgiler: [bilgileri yazın].",
        "Açık, [gün] tarihinde kapatıldı.",
        "Oyunuz gizli kaldı. [Önce bunu kontrol edin.]",
        "Bizim adımızı verseler bile kimseye kod veya para vermeyin.",
        "Sorunuz mu var? [ad] kişisini [numara] numarasından arayın.",
    ),
    "ar": (
        "هذه رسالة من البلدية.",
        "تمكّن شخص من رؤية بياناتك في Buurtstem. لم يكن ذلك مسموحاً.",
        "البيانات هي: [اكتب البيانات].",
        "أُغلقت الثغرة منذ [اليوم].",
        "بقي صوتك سرياً. [تحقّق من هذا أولاً.]",
        "لا تعطِ أحداً رموزاً أو مالاً، حتى لو ذكر اسمنا.",
        "لديك سؤال؟ اتصل بـ [الاسم] على [الرقم].",
    ),
}


def report(breach: Breach, language: str, now: datetime, *, names: bool) -> list[str]:
    """Return the report as lines; officials by number unless `names`.

    A name or a browser's word for itself begins no line of its own.
    """
    told = _Telling(language, names=names)
    lines = [*told.head(breach.asked, now), *told.facts(breach), *told.advice(breach)]
    return [shown(each) for each in lines]


def authority_text(breach: Breach, language: str) -> str:
    """Return a first notice to the authority; what only people know is left open."""
    asked = breach.asked
    counts = "; ".join(
        f"{_pick(_KINDS[kind], language)}: {max(extent.seen, extent.reach)}"
        for kind, extent in breach.extents.items()
        if extent.seen or extent.reach
    )
    span = f"{_local(asked.since)} – {_local(asked.until)}"
    lines = (
        (
            "Voorlopige melding van een inbreuk (AVG artikel 33).",
            "First notice of a breach (GDPR article 33).",
        ),
        (
            "Verwerkingsverantwoordelijke: [gemeente]. Contact (FG): [naam, nummer].",
            "Controller: [municipality]. Contact (DPO): [name, number].",
        ),
        (
            f"Wanneer: {span}. Ontdekt: {_local(asked.discovered)}.",
            f"When: {span}. Discovered: {_local(asked.discovered)}.",
        ),
        ("Wat er gebeurde: [in twee zinnen].", "What happened: [in two sentences]."),
        (
            f"Betrokkenen (hoogstens), per soort: {counts or 'geen'}.",
            f"People concerned (at most), by kind: {counts or 'none'}.",
        ),
        (
            "Gevolgen die wij verwachten: [...]. Wat wij deden: [...].",
            "Consequences that we expect: [...]. What we did: [...].",
        ),
        (
            "Hebben wij de bewoners ingelicht? [ja / nee, omdat ...].",
            "Have we told the residents? [yes / no, because ...].",
        ),
    )
    return "\n".join(_pick(line, language) for line in lines) + "\n"


def residents_text() -> str:
    """Return the notice to residents in four languages, with brackets to fill in."""
    return "\n\n".join("\n".join(lines) for lines in _NOTICE.values()) + "\n"


class _Telling:
    """Says facts in one language."""

    def __init__(self, language: str, *, names: bool) -> None:
        self._language = language
        self._names = names

    def head(self, asked: Asked, now: datetime) -> Iterator[str]:
        yield self._say("title")
        yield self._say("span", _local(asked.since), _local(asked.until))
        end = notify_by(asked.discovered)
        hours = int((end - now).total_seconds() // 3600)
        moments = (_local(asked.discovered), _local(end))
        yield (
            self._say("late", *moments)
            if now > end
            else self._say("by", *moments, str(hours))
        )

    def facts(self, breach: Breach) -> Iterator[str]:
        yield from self._list("accounts", map(self._account, breach.accounts))
        new = [each for each in breach.logins if each.is_new]
        yield from self._list("logins", map(self._login, new))
        yield self._say("failed", str(breach.failed))
        yield self._say("open", str(breach.open_sessions))
        yield from self._list("taken", map(self._took, breach.taken))
        yield self._say("recordings", str(breach.recordings))
        starts = (f"{each['time']} {each['version']}" for each in breach.starts)
        yield from self._list("starts", starts)
        kinds = (
            f"{_pick(_KINDS[kind], self._language)}: "
            f"{extent.held} / {extent.seen} / {extent.reach}"
            for kind, extent in breach.extents.items()
        )
        yield from self._list("kinds", kinds)
        yield self._say("limits")

    def advice(self, breach: Breach) -> Iterator[str]:
        weighed = breach.weighed
        because = (_pick(_BECAUSE[each], self._language) for each in weighed.because)
        yield from self._list("weighed", because)
        for key, what in (
            ("authority", weighed.authority),
            ("residents", weighed.residents),
        ):
            yield self._say(key, _pick(_ADVICE[what], self._language))
        yield self._say("register")
        yield from self._list("tell", self._whom(breach))

    def _whom(self, breach: Breach) -> Iterator[str]:
        for each in _TELL:
            yield _pick(each, self._language)
        for channel in breach.channels:
            if channel in _PROCESSORS:
                yield _pick(_PROCESSORS[channel], self._language)
        if breach.systems:
            yield _pick(_SYSTEMS, self._language).format(breach.systems)

    def _account(self, account: Account) -> str:
        acts = ", ".join(f"{act} {count}" for act, count in account.acts.items())
        mark = f" [{self._say('suspect')}]" if account.is_suspect else ""
        return f"{self._who(account)}{mark}: {acts or '-'}"

    def _who(self, account: Account) -> str:
        if account.official is None:
            # A machine word like "hook", or the address of who is no official now.
            is_open = self._names or "@" not in account.name
            return account.name if is_open else "?"
        number = f"official {account.official} ({account.role})"
        return f"{number} {account.name}" if self._names else number

    def _login(self, login: Login) -> str:
        where = ", ".join(filter(None, (login.browser, login.place)))
        return f"official {login.official}, {_local(login.at)}, {login.how}, {where}"

    def _took(self, taken: Taken) -> str:
        by = f", {taken.by}" if self._names else ""
        of = f" ({taken.round})" if taken.round else ""
        return f"{_local(taken.at)} {taken.what}{of}{by}"

    def _list(self, key: str, rows: Iterable[str]) -> Iterator[str]:
        yield ""
        yield f"{self._say(key)}:"
        told = list(rows)
        yield from (f"  {row}" for row in told or [self._say("none")])

    def _say(self, key: str, *values: str) -> str:
        return _pick(_LINES[key], self._language).format(*values)


def _pick(words: tuple[str, str], language: str) -> str:
    return words[REPORT_LANGUAGES.index(language)]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M %Z}"
