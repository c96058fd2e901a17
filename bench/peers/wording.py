"""What both peers say: about as much as the product does, in one language."""

WELCOME = "Taal · Language · Dil · لغة\n1 Nederlands\n2 English\n3 Türkçe\n4 العربية"
LANGUAGES = ("nl", "en", "tr", "ar")
MENU = "Ne yapmak istersiniz?"
MENU_BUTTONS = (("Plan", "menu:plan"), ("Oy ver", "menu:vote"))
ASK_PLAN = "Planınız nedir? Yazın veya söyleyin."
ASK_NUMBERS = "En fazla 5 plan seçin. Numaraları gönderin, örneğin: 21 30"
PLAN_BACK = "Planınız bu mu?\n\n“{}”"
NUMBERS_BACK = "Seçtikleriniz: {}. Oyunuzu gönderelim mi?"
CONFIRM = (("Evet", "yes"), ("Hayır", "no"))
RECEIPT = "Teşekkürler! Planınızın numarası {}. Nerede olsun?"
SKIP = (("Geç", "skip"),)
THANKS = "Tamam. Bir adım olunca size yazarız."
VOTED = "Oyunuz alındı. Kapanışa kadar değiştirebilirsiniz."
STATUS_WORDS = r"^(durum|status)$"
NOTHING_YET = "Henüz planınız yok."


def status(plans: dict[int, str]) -> str:
    """List each plan once, as `<number> – <title>`."""
    lines = [f"{number} – {title[:60]}" for number, title in plans.items()]
    return "\n".join(lines) or NOTHING_YET
