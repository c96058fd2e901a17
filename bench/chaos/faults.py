"""How often providers misbehave, and the dice that decide when."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of all deliveries, and of all requests of the bot."""

    repeated: float = 0.05
    reordered: float = 0.02
    throttled: float = 0.02
    unavailable: float = 0.01
    hung: float = 0.003
    reset: float = 0.005


HANG_SECONDS = 20.0
THROTTLED, UNAVAILABLE, HUNG, RESET, FINE = "429", "503", "hung", "reset", "fine"


class Faults:
    """Decides about each request and delivery; the same seed decides alike."""

    def __init__(self, rates: Rates, seed: str) -> None:
        self.rates = rates
        self._requests = Random(f"{seed} requests")
        self._deliveries = Random(f"{seed} deliveries")

    def of_request(self) -> str:
        """Return what becomes of the bot's next request."""
        rates = self.rates
        kinds = (THROTTLED, UNAVAILABLE, HUNG, RESET)
        shares = [rates.throttled, rates.unavailable, rates.hung, rates.reset]
        weights = [*shares, 1 - sum(shares)]
        return self._requests.choices((*kinds, FINE), weights)[0]

    def latency(self) -> float:
        """Return how many seconds the provider thinks before it answers."""
        return self._requests.uniform(0.005, 0.06)

    def arrives_although_hung(self) -> bool:
        """Tell whether a message reaches the phone although nobody is told."""
        return self._requests.random() < 0.5

    def repeats(self) -> float | None:
        """Return after how many seconds an acknowledged delivery comes again."""
        if self._deliveries.random() >= self.rates.repeated:
            return None
        return self._deliveries.uniform(0.05, 5.0)

    def reorders(self) -> bool:
        """Tell whether a delivery lets the next one pass."""
        return self._deliveries.random() < self.rates.reordered

    def status_delays(self) -> list[float]:
        """Return after how many seconds each status of a message is posted."""
        first = self._deliveries.uniform(0.05, 1.5)
        return [first, first + self._deliveries.uniform(-0.05, 1.0)]
