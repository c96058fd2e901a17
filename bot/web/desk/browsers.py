"""Which browser somebody uses, roughly: enough to know one's own."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """Return "Firefox, Windows" for what a browser says it is, "" for none we know."""
    found = [
        next((told for sign, told in signs if sign in agent), "")
        for signs in (_BROWSERS, _MACHINES)
    ]
    return ", ".join(filter(None, found))
