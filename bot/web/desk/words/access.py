"""The words of the desk about logging in, one's own login, and colleagues."""

from collections.abc import Mapping

DOOR_WORDS: Mapping[str, tuple[str, str]] = {
    "login_with_link": ("Met een link", "With a link"),
    "login_with_password": ("Met uw wachtwoord", "With your password"),
    "login_forgotten": (
        "Wachtwoord vergeten? Vraag een beheerder om een nieuwe link.",
        "Forgotten your password? Ask an administrator for a new link.",
    ),
    "login_wrong": (
        "E-mailadres of wachtwoord klopt niet.",
        "E-mail address or password is not right.",
    ),
    "login_no_passwords": (
        "Inloggen met een wachtwoord staat hier uit.",
        "Logging in with a password is off here.",
    ),
    "wait_a_while": (
        (
            "Het is te vaak niet gelukt. Niets is veranderd. Probeer het opnieuw na "
            "ongeveer"
        ),
        "It failed too often. Nothing was changed. Please try again after about",
    ),
    "too_many": (
        (
            "U stuurde in een minuut meer dan 120 formulieren. Dit laatste is niet "
            "verwerkt. Wacht een minuut."
        ),
        (
            "You sent more than 120 forms in a minute. This last one was not handled. "
            "Wait a minute."
        ),
    ),
    "email": ("E-mailadres", "E-mail address"),
    "password": ("Wachtwoord", "Password"),
    "go_on_login": ("Ga verder", "Go on"),
    "city_login": (
        "Inloggen via de gemeente",
        "Log in through the municipality",
    ),
    "city_inside": ("U bent ingelogd.", "You are logged in."),
    "city_away": (
        (
            "Het inloggen van de gemeente antwoordt niet. Probeer het zo nog een keer, "
            "of vraag een beheerder om een link."
        ),
        (
            "The municipality's sign-on does not answer. Please try again soon, or ask "
            "an administrator for a link."
        ),
    ),
    "city_settings": (
        (
            "Het inloggen van de gemeente is hier verkeerd ingesteld. De beheerder van "
            "de server kan dit oplossen: OIDC_ISSUER."
        ),
        (
            "The municipality's sign-on is set up wrongly here. Whoever runs the "
            "server can mend this: OIDC_ISSUER."
        ),
    ),
    "city_refused": (
        "Het inloggen van de gemeente is afgebroken. Probeer het nog een keer.",
        "The municipality's sign-on was broken off. Please try again.",
    ),
    "city_token": (
        "Dit inloggen was te oud of niet van hier. Probeer het nog een keer.",
        "This login was too old, or not from here. Please try again.",
    ),
    "city_weak": (
        "U kwam binnen zonder tweede stap. Log daar in met uw code of pas.",
        "You came in without a second step. Log in there with your code or card.",
    ),
    "city_email": (
        (
            "De gemeente bevestigt geen e-mailadres bij uw account. Vraag het aan uw "
            "ICT-afdeling."
        ),
        (
            "The municipality confirms no e-mail address for your account. Ask your IT "
            "department."
        ),
    ),
    "city_unknown": (
        "U bent hier nog geen medewerker. Vraag een beheerder u uit te nodigen.",
        "You are no official here yet. Ask an administrator to invite you.",
    ),
    "city_other": (
        (
            "De gemeente kent u hier als iemand anders dan de vorige keer. Een "
            "beheerder ziet dit en kijkt ernaar. Tot dan kunt u niet naar binnen."
        ),
        (
            "The municipality knows you here as somebody else than last time. An "
            "administrator sees this and looks into it. Until then you cannot come in."
        ),
    ),
    "city_stale": (
        (
            "De gemeente zegt niet dat u net opnieuw hebt ingelogd. Er is niets "
            "veranderd. Probeer het nog een keer."
        ),
        (
            "The municipality does not say that you logged in anew just now. Nothing "
            "was changed. Please try again."
        ),
    ),
    "city_alarm": (
        "Iemand anders kwam via de gemeente met dit e-mailadres.",
        "Somebody else came through the municipality with this e-mail address.",
    ),
    "city_alarm_how": (
        (
            "Vraag uw ICT-afdeling of dit adres nu van iemand anders is. Zo ja: zet "
            "deze medewerker op non-actief. Heeft de medewerker een nieuw account? "
            "Maak dan het oude los."
        ),
        (
            "Ask your IT department whether this address is somebody else's now. If "
            "so, suspend this official. Has the official got a new account? Then let "
            "go of the old one."
        ),
    ),
    "code_title": ("Uw code", "Your code"),
    "code_how": (
        (
            "Open de app op uw telefoon die codes maakt. Vul de 6 cijfers in die bij "
            "Buurtstem staan."
        ),
        (
            "Open the app on your phone that makes codes. Fill in the 6 digits that "
            "stand with Buurtstem."
        ),
    ),
    "code": ("Code van 6 cijfers", "Code of 6 digits"),
    "code_recovery": ("Herstelcode", "Recovery code"),
    "code_recovery_how": (
        (
            "U kreeg tien herstelcodes toen u uw telefoon instelde. Vul er een in; "
            "elke code werkt één keer."
        ),
        (
            "You were given ten recovery codes when you set your phone up. Fill in "
            "one; each works once."
        ),
    ),
    "code_lost": (
        "Telefoon niet bij de hand? Gebruik een herstelcode",
        "Phone not at hand? Use a recovery code",
    ),
    "code_back": ("Toch een code van de telefoon", "A code from the phone after all"),
    "code_none": (
        ("Ook geen herstelcode meer? Een beheerder kan uw telefoon loskoppelen."),
        "No recovery code left either? An administrator can disconnect your phone.",
    ),
    "code_wrong": (
        (
            "Deze code klopt niet, of is al gebruikt. Wacht op de volgende code en vul "
            "die in."
        ),
        (
            "This code is not right, or was used already. Wait for the next code and "
            "fill that in."
        ),
    ),
}

ACCOUNT_WORDS: Mapping[str, tuple[str, str]] = {
    "account": ("Mijn account", "My account"),
    "offer_factor": (
        (
            "Met een wachtwoord en een code van uw telefoon hoeft u niet elke keer om "
            "een link te vragen, en is uw account veilig."
        ),
        (
            "With a password and a code from your phone you need not ask for a link "
            "each time, and your account is safe."
        ),
    ),
    "offer_factor_go": ("Stel het in (2 minuten)", "Set it up (2 minutes)"),
    "your_role": ("Uw rol", "Your role"),
    "password_is_set": ("U heeft een wachtwoord.", "You have a password."),
    "password_is_not_set": (
        "U heeft nog geen wachtwoord. U komt binnen met een link.",
        "You have no password yet. You come in with a link.",
    ),
    "password_change": ("Wijzig uw wachtwoord", "Change your password"),
    "password_choose": ("Kies een wachtwoord", "Choose a password"),
    "password_how": (
        (
            "Minstens 12 tekens. Drie of vier losse woorden zijn makkelijk te "
            "onthouden en moeilijk te raden. Plakken uit een wachtwoord-app mag."
        ),
        (
            "At least 12 characters. Three or four unrelated words are easy to keep in "
            "mind and hard to guess. You may paste from a password app."
        ),
    ),
    "password_old": ("Uw wachtwoord van nu", "Your password of now"),
    "password_new": ("Nieuw wachtwoord", "New password"),
    "password_old_wrong": (
        "Uw wachtwoord van nu klopt niet. Niets is veranderd.",
        "Your password of now is not right. Nothing was changed.",
    ),
    "password_short": (
        "Dit wachtwoord is te kort. Neem minstens 12 tekens.",
        "This password is too short. Take at least 12 characters.",
    ),
    "password_long": (
        "Dit wachtwoord is te lang. Neem hoogstens 200 tekens.",
        "This password is too long. Take at most 200 characters.",
    ),
    "password_simple": (
        "Dit wachtwoord is snel te raden. Neem drie of vier losse woorden.",
        "This password is soon guessed. Take three or four unrelated words.",
    ),
    "password_own": (
        "Dit wachtwoord lijkt te veel op uw e-mailadres.",
        "This password is too much like your e-mail address.",
    ),
    "from_elsewhere": (
        "Dit vroeg een pagina van een andere site. Er is niets gebeurd.",
        "A page of another site asked for this. Nothing has happened.",
    ),
    "password_keep": ("Bewaar het wachtwoord", "Keep the password"),
    "password_kept": (
        "Uw wachtwoord is bewaard. Andere browsers zijn uitgelogd.",
        "Your password is kept. Other browsers are logged out.",
    ),
    "factor": ("Code van uw telefoon", "Code from your phone"),
    "factor_is_set": (
        "Aan. Bij het inloggen vult u ook een code van uw telefoon in.",
        "On. When you log in you also fill in a code from your phone.",
    ),
    "factor_is_not_set": (
        "Uit. Wie uw wachtwoord kent, kan erin.",
        "Off. Whoever knows your password can get in.",
    ),
    "factor_is_off": (
        "De telefoon is losgekoppeld. Stel hieronder een andere in.",
        "The phone is disconnected. Set up another one below.",
    ),
    "factor_none": (
        "Er wordt nu geen telefoon ingesteld.",
        "No phone is being set up now.",
    ),
    "factor_why": (
        (
            "Iemand die uw wachtwoord raadt, komt zo toch niet binnen. U heeft een app "
            "nodig die codes maakt, zoals die van uw gemeente, Microsoft "
            "Authenticator, Google Authenticator of FreeOTP."
        ),
        (
            "So somebody who guesses your password still cannot get in. You need an "
            "app that makes codes, such as your municipality's own, Microsoft "
            "Authenticator, Google Authenticator or FreeOTP."
        ),
    ),
    "factor_required": (
        "Dit is hier verplicht. Daarna kunt u aan het werk.",
        "This is required here. After that you can start work.",
    ),
    "factor_begin": ("Beginnen", "Begin"),
    "factor_change": ("Stel in of wijzig", "Set up or change"),
    "factor_scan": (
        "Open de app, kies een account toevoegen, en scan dit.",
        "Open the app, choose to add an account, and scan this.",
    ),
    "factor_qr": (
        "QR-code voor de app. Kunt u niet scannen? De sleutel staat hieronder.",
        "QR code for the app. Cannot scan? The key stands below.",
    ),
    "factor_key_how": (
        "Kunt u niet scannen? Typ deze sleutel in de app:",
        "Cannot scan? Type this key into the app:",
    ),
    "factor_then": (
        "De app toont nu 6 cijfers bij Buurtstem. Vul ze hier in.",
        "The app now shows 6 digits with Buurtstem. Fill them in here.",
    ),
    "factor_confirm": ("Zet aan", "Turn on"),
    "factor_again": ("Begin met een nieuwe QR-code", "Begin with a new QR code"),
    "factor_new_phone": ("Een andere telefoon", "Another phone"),
    "factor_new_phone_how": (
        (
            "Vul een code van de oude telefoon in, of een herstelcode. Daarna stelt u "
            "de nieuwe in."
        ),
        (
            "Fill in a code from the old phone, or a recovery code. After that you set "
            "up the new one."
        ),
    ),
    "factor_turn_off": ("Koppel de telefoon los", "Disconnect the phone"),
    "codes": ("Herstelcodes", "Recovery codes"),
    "codes_left": ("herstelcodes over", "recovery codes left"),
    "codes_new": ("Nieuwe herstelcodes", "New recovery codes"),
    "codes_new_how": (
        "De oude herstelcodes werken dan niet meer.",
        "The old recovery codes then no longer work.",
    ),
    "codes_make": ("Maak nieuwe codes", "Make new codes"),
    "codes_title": ("Bewaar deze herstelcodes", "Keep these recovery codes"),
    "codes_how": (
        (
            "De code van uw telefoon staat aan. Is uw telefoon weg, dan komt u met een "
            "van deze codes binnen. Print ze, of schrijf ze op. U ziet ze maar één "
            "keer."
        ),
        (
            "The code from your phone is on. If your phone is gone, one of these codes "
            "lets you in. Print them, or write them down. You see them only once."
        ),
    ),
    "codes_kept": ("Ik heb ze bewaard", "I have kept them"),
    "sessions": ("Waar u ingelogd bent", "Where you are logged in"),
    "sessions_how": (
        (
            "Een browser logt vanzelf uit na een uur niets doen, en na twaalf uur. "
            "Herkent u er een niet? Log die uit en wijzig uw wachtwoord."
        ),
        (
            "A browser logs out by itself after an hour of nothing, and after twelve "
            "hours. Is there one you do not know? Log it out and change your password."
        ),
    ),
    "session_unknown": ("Onbekende browser", "Unknown browser"),
    "session_here": ("deze browser", "this browser"),
    "session_since": ("Ingelogd", "Logged in"),
    "session_used": ("Laatst gebruikt", "Last used"),
    "session_how": ("Hoe", "How"),
    "session_ago": ("geleden", "ago"),
    "how_link": ("met een link", "with a link"),
    "how_password": ("met wachtwoord", "with a password"),
    "how_city": ("via de gemeente", "through the municipality"),
    "prove_code": (
        "Een code uit de app op uw telefoon, of een herstelcode",
        "A code from the app on your phone, or a recovery code",
    ),
    "prove_password": ("Uw wachtwoord", "Your password"),
    "prove_how": (
        ("Zo kan niemand die aan uw open scherm zit, u elders uitloggen."),
        ("So nobody who sits at your open screen can log you out elsewhere."),
    ),
    "prove_city_how": (
        (
            "Log eerst nog eens in via de gemeente. Daarna kunt u hier vijf minuten "
            "lang browsers uitloggen."
        ),
        (
            "First log in once more through the municipality. After that you can log "
            "browsers out here for five minutes."
        ),
    ),
    "prove_city_go": (
        "Log nog eens in via de gemeente",
        "Log in once more through the municipality",
    ),
    "prove_link_how": (
        (
            "U bent met een link binnen, en dat is langer dan vijf minuten geleden. "
            "Kies eerst een wachtwoord, of koppel een telefoon."
        ),
        (
            "You came in by a link, more than five minutes ago. First choose a "
            "password, or connect a phone."
        ),
    ),
    "prove_wrong": (
        "Dit klopt niet, of is al gebruikt. Er is niemand uitgelogd.",
        "This is not right, or was used already. Nobody was logged out.",
    ),
    "prove_city_done": (
        "U hebt opnieuw ingelogd. Nu kunt u andere browsers uitloggen.",
        "You logged in anew. Now you can log other browsers out.",
    ),
    "session_end": ("Log uit", "Log out"),
    "session_end_which": ("Welke browser?", "Which browser?"),
    "session_end_all": ("Log overal elders uit", "Log out everywhere else"),
    "session_ended": ("Uitgelogd.", "Logged out."),
}

OFFICIALS_WORDS: Mapping[str, tuple[str, str]] = {
    "officials": ("Medewerkers", "Officials"),
    "officials_how": (
        (
            "Wie hier werkt, en wat elk mag. Wie weggaat, zet u op non-actief: zijn "
            "werk blijft staan, en hij is meteen uitgelogd."
        ),
        (
            "Who works here, and what each may do. Suspend whoever leaves: the work "
            "stays, and the login ends at once."
        ),
    ),
    "official": ("Medewerker", "Official"),
    "official_name": ("Naam", "Name"),
    "official_name_how": (
        "Zo noemen bewoners deze medewerker.",
        "This is what residents call this official.",
    ),
    "role": ("Rol", "Role"),
    "role_viewer": ("Kijken", "Viewer"),
    "role_reviewer": ("Beoordelen", "Reviewer"),
    "role_communicator": ("Communicatie", "Communicator"),
    "role_counter": ("Balie van het stadskantoor", "Counter"),
    "role_volunteer": ("Vrijwilliger", "Volunteer"),
    "role_helper": ("Hulp", "Helper"),
    "role_admin": ("Beheer", "Administrator"),
    "last_login": ("Laatst ingelogd", "Last login"),
    "never_yet": ("nog nooit", "never yet"),
    "is_suspended": ("op non-actief", "suspended"),
    "with_factor": ("met code van de telefoon", "with a code from the phone"),
    "without_factor": ("zonder code van de telefoon", "without a code from the phone"),
    "invite": ("Nodig iemand uit", "Invite somebody"),
    "invite_how": (
        (
            "U krijgt een link om door te geven. Die werkt één keer, en één dag lang. "
            "Wie hem opent, is ingelogd."
        ),
        (
            "You get a link to hand over. It works once, and for one day. Whoever "
            "opens it is logged in."
        ),
    ),
    "invite_go": ("Maak de uitnodiging", "Make the invitation"),
    "link_title": ("De link voor", "The link for"),
    "link_how": (
        (
            "Geef deze link door aan deze medewerker, en aan niemand anders. U ziet "
            "hem maar één keer. Hij werkt één keer, en één dag lang."
        ),
        (
            "Hand this link over to this official, and to nobody else. You see it only "
            "once. It works once, and for one day."
        ),
    ),
    "link_back": ("Terug naar de medewerkers", "Back to the officials"),
    "official_change_go": ("Bewaar", "Keep"),
    "official_role_how": (
        "Een andere rol geldt meteen; de medewerker logt opnieuw in.",
        "Another role holds at once; the official logs in again.",
    ),
    "official_link_head": ("Nieuwe link", "New link"),
    "official_link_how": (
        "Voor wie het wachtwoord vergeten is, of nooit een link kreeg.",
        "For whoever forgot the password, or never got a link.",
    ),
    "official_link_go": ("Maak een nieuwe link", "Make a new link"),
    "official_reset_head": ("Telefoon kwijt", "Lost phone"),
    "official_reset_how": (
        (
            "Vraag eerst na of het echt deze medewerker is. Daarna stelt hij een "
            "andere telefoon in."
        ),
        (
            "First make sure that it really is this official. After that another phone "
            "can be set up."
        ),
    ),
    "official_reset_go": ("Koppel de telefoon los", "Disconnect the phone"),
    "official_unbind_head": (
        "Nieuw account bij de gemeente",
        "New account at the municipality",
    ),
    "official_unbind_how": (
        (
            "Vraag eerst na of het echt dezelfde medewerker is. De volgende die met "
            "dit e-mailadres via de gemeente inlogt, is dan deze medewerker."
        ),
        (
            "First make sure that it really is the same official. Whoever logs in "
            "next through the municipality with this e-mail address is this official."
        ),
    ),
    "official_unbind_go": ("Maak het account los", "Let go of the account"),
    "official_suspend_head": ("Weg of met verlof", "Gone or on leave"),
    "official_suspend_how": (
        (
            "De medewerker is meteen uitgelogd en kan niet meer inloggen. U kunt dit "
            "weer terugdraaien."
        ),
        "The official is logged out at once and cannot log in. You can undo this.",
    ),
    "official_suspend_go": ("Zet op non-actief", "Suspend"),
    "official_restore_how": (
        "Deze medewerker kan nu niet inloggen.",
        "This official cannot log in now.",
    ),
    "official_restore_go": ("Laat weer toe", "Let in again"),
    "official_mine": (
        (
            "Dit bent u zelf. Uw rol wijzigt een andere beheerder; wachtwoord en "
            "telefoon staan bij Mijn account."
        ),
        (
            "This is you. Another administrator changes your role; password and phone "
            "are under My account."
        ),
    ),
    "official_changed": ("Bewaard.", "Kept."),
    "official_suspend": (
        "Op non-actief gezet, en overal uitgelogd.",
        "Suspended, and logged out everywhere.",
    ),
    "official_restore": (
        "Toegelaten. Geef zo nodig een nieuwe link.",
        "Let in again. Give a new link if needed.",
    ),
    "official_unbind": (
        "Het account is losgemaakt, en de medewerker overal uitgelogd.",
        "The account was let go of, and the official logged out everywhere.",
    ),
    "official_reset": (
        "De telefoon is losgekoppeld, en de medewerker overal uitgelogd.",
        "The phone is disconnected, and the official logged out everywhere.",
    ),
    "official_error_email": (
        "Dit is geen e-mailadres. Er is niemand uitgenodigd.",
        "This is no e-mail address. Nobody was invited.",
    ),
    "official_error_known": (
        "Deze medewerker staat al in de lijst. Maak daar een nieuwe link.",
        "This official is on the list already. Make a new link there.",
    ),
    "official_error_role": (
        "Kies een rol. Er is niets veranderd.",
        "Choose a role. Nothing was changed.",
    ),
    "official_error_name": (
        "Deze naam is te lang: hoogstens 120 tekens.",
        "This name is too long: at most 120 characters.",
    ),
    "official_error_gone": (
        ("Deze medewerker is er niet, of staat op non-actief. Er is niets veranderd."),
        "This official is not there, or suspended. Nothing was changed.",
    ),
    "official_error_self": (
        "Dit doet een andere beheerder voor u. Er is niets veranderd.",
        "Another administrator does this for you. Nothing was changed.",
    ),
    "official_error_last_admin": (
        (
            "Dit is de enige beheerder. Maak eerst iemand anders beheerder. Er is "
            "niets veranderd."
        ),
        (
            "This is the only administrator. Make somebody else one first. Nothing "
            "was changed."
        ),
    ),
    "page_before": ("Vorige", "Previous"),
    "page_next": ("Volgende", "Next"),
}
