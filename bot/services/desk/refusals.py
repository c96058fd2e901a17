"""What an official asked for and cannot have now, in a word of the desk."""


class TurnedDownError(Exception):
    """Nothing was changed. `word` says why, `by` who was faster or who it was."""

    def __init__(self, word: str, by: str = "") -> None:
        super().__init__(word)
        self.word, self.by = word, by


class ChangedError(TurnedDownError):
    """Somebody else saved this meanwhile: nobody's words may be written over."""

    def __init__(self, by: str) -> None:
        super().__init__("changed_meanwhile", by)
