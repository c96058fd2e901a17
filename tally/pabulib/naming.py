"""The rule that a file names: in Pabulib's words, and in a few of our own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from tally.pabulib.amounts import amount, cents, number, whole, written
from tally.pabulib.document import Fault, Note
from tally.settings import NOUGHT, Measure, Quota, Rule, Settings, TieBreak, TieOrder

Value = TypeVar("Value")

ONE_UNIT = 100  # cents: "add1" raises shares by one euro, zloty or forint
THEMES = {
    "category": ("categories", "budget_per_category"),
    "neighborhood": ("neighborhoods", "budget_per_neighborhood"),
}
"""The column of a plan that names its theme; the list of themes, and their money."""

MEASURES = {
    "approval": Measure.VOTES,
    "choose-1": Measure.VOTES,
    "cumulative": Measure.POINTS,
    "scoring": Measure.POINTS,
    "ordinal": Measure.BORDA,
}
VOTE_TYPES = {
    Measure.VOTES: "approval",
    Measure.POINTS: "cumulative",
    Measure.BORDA: "ordinal",
}
LABELS = {
    Rule.SKIP: "greedy",
    Rule.STOP: "greedy-no-skip",
    Rule.TWO_STEP: "greedy",
    Rule.EQUAL_SHARES: "equalshares",
    Rule.QUOTAS: "quotas",
}
SETTING_KEYS = frozenset(
    "num_projects num_votes budget vote_type rule categories budget_per_category "
    "neighborhoods budget_per_neighborhood min_project_score_threshold "
    "tie_breaking voter_weights quotas max_chosen_per_author share_increase "
    "share_filling".split()
)


@dataclass(frozen=True, slots=True)
class Meta:
    """The values of META by key, each with its line; collects what is wrong there."""

    values: Mapping[str, str]
    lines: Mapping[str, int]
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def read(self, key: str, parse: Callable[[str], Value], default: Value) -> Value:
        """Return a value; the default where there is none, or a wrong one."""
        text = self.values.get(key, "")
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.fault(key, str(error))
            return default

    def fault(self, key: str, what: str) -> None:
        """Note down that the value of a key is wrong."""
        self.faults.append(Fault(self.lines.get(key, 0), f"{key}: {what}"))

    def note(self, key: str, what: str) -> None:
        """Note down something odd about a key."""
        self.notes.append(Note(self.lines.get(key, 0), what))

    @property
    def theme_column(self) -> str:
        """The column of a plan that names its theme."""
        areas = self.values.get("budget_per_neighborhood")
        themes = self.values.get("budget_per_category")
        return "neighborhood" if areas and not themes else "category"


def settings_of(meta: Meta, ids: tuple[str, ...]) -> Settings:
    """Return the settings that META names, for plans listed as `ids`."""
    themes = _themes(meta)
    rule, increase = _rule(meta, bool(themes))
    measure = _measure(meta)
    longest = meta.read("max_length", whole, None)
    ties = TieOrder(ids, meta.read("tie_breaking", _tie_breaks, (TieBreak.LISTED,)))
    return Settings(
        rule=rule,
        ties=ties,
        measure=measure,
        threshold=meta.read("min_project_score_threshold", number, NOUGHT),
        themes=themes,
        quotas=meta.read("quotas", _quotas, ()),
        per_author=meta.read("max_chosen_per_author", whole, None),
        weights=meta.read("voter_weights", _weights, {}),
        first_place=longest or len(ids) if measure is Measure.BORDA else 0,
        increase=meta.read("share_increase", cents, increase),
        fill=meta.values.get("share_filling") == "votes",
    )


def _rule(meta: Meta, has_themes: bool) -> tuple[Rule, int | None]:  # noqa: FBT001
    """Return the rule and, for equal shares, by how many cents they are raised."""
    label = meta.values.get("rule", "").lower()
    if label.startswith("equalshares"):
        if has_themes:
            meta.note("rule", "equal shares: the money per theme plays no part")
        if "comparison" in label:
            meta.note("rule", "the comparison with greedy is not made")
        return Rule.EQUAL_SHARES, ONE_UNIT if "/add1" in label else None
    if label == LABELS[Rule.QUOTAS]:
        return Rule.QUOTAS, None
    if not label.startswith("greedy"):
        told = f'no rule called "{label}" is known' if label else "no rule is named"
        meta.note("rule", f"{told}: counted by votes")
    elif "exclusive" in label:
        meta.note("rule", "which plans exclude each other is not in a file")
    if has_themes:
        return Rule.TWO_STEP, None
    return (Rule.STOP if "no-skip" in label else Rule.SKIP), None


def _measure(meta: Meta) -> Measure:
    kind = meta.values.get("vote_type", "").lower()
    if kind and kind not in MEASURES:
        meta.fault("vote_type", f'"{kind}" is none of {", ".join(MEASURES)}')
    return MEASURES.get(kind, Measure.VOTES)


def _themes(meta: Meta) -> dict[str, int]:
    """Return the money of each theme in cents, if the file gives any."""
    listed, key = THEMES[meta.theme_column]
    if not meta.values.get(key):
        return {}
    names = [name.strip() for name in meta.values.get(listed, "").split(",")]
    money = meta.read(key, _amounts, None)
    if money is None:
        return {}
    if len(names) != len(money):
        meta.fault(key, f"{len(money)} amounts for {len(names)} {listed}")
        return {}
    return dict(zip(names, money, strict=True))


def _amounts(text: str) -> list[int]:
    return [cents(each) for each in text.split(",")]


def _tie_breaks(text: str) -> tuple[TieBreak, ...]:
    return tuple(TieBreak(each.strip()) for each in text.split(","))


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in text.split(",")]
    if not all(equals and name.strip() for name, equals, _ in pairs):
        raise ValueError(f'"{text}" is not like resident=20,committee=20')
    return [(name.strip(), value) for name, _, value in pairs]


def _quotas(text: str) -> tuple[Quota, ...]:
    return tuple(
        Quota(tuple(n.split("+")), whole(places)) for n, places in _pairs(text)
    )


def _weights(text: str) -> dict[str, Fraction]:
    return {name: number(value) for name, value in _pairs(text)}


def meta_of(settings: Settings) -> dict[str, str]:
    """Return the lines of META that name these settings; `settings_of` reads them."""
    rows = {"vote_type": VOTE_TYPES[settings.measure], "rule": _label(settings)}
    if settings.threshold:
        rows["min_project_score_threshold"] = written(settings.threshold)
    if settings.measure is Measure.BORDA:
        rows["max_length"] = str(settings.first_place)
    if settings.rule is Rule.TWO_STEP:
        rows["categories"] = ",".join(settings.themes)
        rows["budget_per_category"] = ",".join(map(amount, settings.themes.values()))
    if settings.ties.by != (TieBreak.LISTED,):
        rows["tie_breaking"] = ",".join(settings.ties.by)
    if settings.quotas:
        rows["quotas"] = ",".join(
            f"{'+'.join(quota.classes)}={quota.places}" for quota in settings.quotas
        )
    if settings.per_author is not None:
        rows["max_chosen_per_author"] = str(settings.per_author)
    if settings.weights:
        rows["voter_weights"] = ",".join(
            f"{name}={written(value)}" for name, value in settings.weights.items()
        )
    if settings.increase not in {None, ONE_UNIT}:
        rows["share_increase"] = amount(settings.increase or 0)
    if settings.fill:
        rows["share_filling"] = "votes"
    return rows


def _label(settings: Settings) -> str:
    label = LABELS[settings.rule]
    if settings.rule is Rule.EQUAL_SHARES and settings.increase == ONE_UNIT:
        return f"{label}/add1"
    if settings.rule is Rule.SKIP and settings.threshold:
        return f"{label}-threshold"
    return label


def unwritable(settings: Settings) -> list[str]:
    """Return the names in the settings that would be read as something else."""
    classes = [name for quota in settings.quotas for name in quota.classes]
    themes = [*settings.themes] if settings.rule is Rule.TWO_STEP else []
    bad = [name for name in (*classes, *settings.weights) if set(name) & set("+,=")]
    bad += [name for name in themes if "," in name]
    return bad + [n for n in (*classes, *settings.weights, *themes) if n != n.strip()]
