"""Reads what `/metrics` gives, as Prometheus does."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.meters import CLOSED, OTHER, OURS, closed

Figures = dict[str, float]


def read_figures(text: str) -> Figures:
    """Return each value by its name and labels, like `x_total{channel=web}`."""
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(
                f"{name}={it}" for name, it in sorted(sample.labels.items())
            )
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = (
                sample.value
            )
    return found


def figures_of(registry: CollectorRegistry) -> Figures:
    """Return what a registry shows now."""
    return read_figures(generate_latest(registry).decode())


def open_labels(text: str) -> list[str]:
    """Return the labels of ours whose value stands on no list."""
    return [
        f"{sample.name}: {label}={value}"
        for family in text_string_to_metric_families(text)
        if family.name.startswith("buurtstem_")
        for sample in family.samples
        for label, value in sample.labels.items()
        if not _is_known(label, value)
    ]


def _is_known(label: str, value: str) -> bool:
    if label == "le":
        return value == "+Inf" or float(value) > 0
    if label not in CLOSED and label not in OURS:
        return False
    return value == OTHER or closed(label, value) == value
