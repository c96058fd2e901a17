"""Words that do harm where they are taken for more than words, by what they aim at.

Each holds the letters `MARK`, so that it is found again wherever it comes out. What
HTML makes of a word has a `data-kwaad`; what a script does sets `window.kwaad`.
"""

MARK = "kwaad"
_PICTURE = f"<img src=x data-{MARK} onerror=window.{MARK}=1>"

WORDS = {
    "formula =": f'=HYPERLINK("http://{MARK}.example";"klik")',
    "formula +": f"+1+1 {MARK}",
    "formula -": f"-2+3+cmd|' /C calc'!{MARK}",
    "formula @": f"@SUM(1+1)*{MARK}",
    "formula, wide": f"＝1+1 {MARK}",
    "formula behind a tab": f"\t=1+1 {MARK}",
    "formula behind a line": f"\n=1+1 {MARK}",
    "formula behind a space": f"  =1+1 {MARK}",
    "formula in a second cell": f'een";"=1+1 {MARK}',
    "formula, DDE": f'=cmd|"/c calc"!{MARK}',
    "a picture": _PICTURE,
    "a script": f"<script data-{MARK}>window.{MARK}=1</script>",
    "an end of everything": f"</title></textarea></script>--></bdi>{_PICTURE}",
    "an attribute": f'" autofocus onfocus="window.{MARK}=1" data-{MARK}="',
    "an attribute, single": f"' onmouseover='window.{MARK}=1' data-{MARK}='",
    "a link": f"javascript:window.{MARK}=1",
    "entities": f"&lt;img data-{MARK}&gt; &amp; &#60;b&#62;",
    "an override": f"\u202e{MARK}\u202e daawk",
    "an override, ended": f"\u202e{MARK}\u202c\u202c\u202c staat",
    "isolates, open": f"\u2067\u2067{MARK}\u2066",
    "isolates, closed": f"\u2069\u2069\u202e{MARK}",
    "marks": f"\u200f{MARK}\u061c 12 \u200f 34",
    "Arabic first": f"مقعد {MARK} 12",
    "nothing to see": f"\u200b{MARK}\ufeff\u2060\u00ad",
    "a format": f"%s %(x)s %d {MARK} %",
    "braces": f"{{}} {{0}} {{plan.__class__}} {MARK}",
    "a template": f"{{{{ 7*7 }}}} {{% raw %}} {{# {MARK} #}}",
    "a shell": f"${{jndi:ldap://{MARK}}} $(id) `id`",
    "variables": f"{{{{1}}}} {{{{{{1}}}}}} {{{{{{{{2}}}}}}}} {MARK}",
    "a line of a log": f"nu\r\n2026-11-18 12:00:00,000 ERROR bot.worker {MARK} x=1",
    "a colour": f"\x1b[31m{MARK}\x07\x08",
    "a label": f'x"}} 1\nbuurtstem_{MARK}{{a="b\\',
    "typst": f'#eval("1+1") $x^2$ *{MARK}* _x_ `x` [x] @x \\ ~ // /* <x> "]',
    "typst, a list": f"= {MARK}\n- een\n+ twee\n/ drie: vier",
    "xml": f"]]><w:t>{MARK}</w:t><!-- &x; <?php ?>",
    "not in xml": f"\x01\x0b\x0c\x1f{MARK}\ufffe",
    "signs of an app": f"*{MARK}* _x_ ~x~ ```x``` > x",
    "a command": f"/start@{MARK}_bot @{MARK} #{MARK} t.me/{MARK}",
    "spaces": f"veel     spaties\t\tin {MARK}\n\n\n\nen regels",
    "a path": f"../../../../tmp/{MARK}",
    "a path of Windows": f"..\\..\\{MARK}.exe",
    "a command line": f"--help; rm -rf {MARK} | x && y",
    "a query": f"'; drop table plans; -- {MARK}",
    "JSON": f'"}}], "{MARK}": [{{"',
    "lines in Unicode": f"een\u2028twee\u2029drie\x85vier {MARK}",
}
"""What a database can hold."""

UNKEPT = {
    "an end of text": f"een\x00twee {MARK}",
    "half a character": f"een \ud83d twee {MARK}",
    "half a character, last": f"{MARK} \udfff",
    "no character": f"\U0010ffff{MARK}\ufdd0",
}
"""What no database keeps: it can only come in."""

ALL = " ".join(WORDS.values())
"""All of them in one text: what begins like a formula does not here."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def squeezed(text: str) -> str:
    """Return the visible letters of a text alone: a page may part and join lines."""
    return "".join(each for each in text if each.isprintable() and not each.isspace())
