"""Order in a talk while voice notes are being listened to."""

import io

import pytest
from PIL import Image

from bot.flows.saved import load_talk
from bot.flows.state import ConfirmingPlan
from bot.services import notes
from bot.services.behind import catch_up
from bot.services.house import House
from bot.store.civic import PlanMedia, PlanRow
from bot.worker import catch_up_overdue
from tests.houses import Street, at_once, since
from tests.services.ears import Ears
from tests.standins.telegram import throttled
from tests.worlds import table
from transcription import Level

FIRST, SECOND = "Een bank onder de linden.", "Een schommel bij de school."


def stages(street: Street) -> list[str]:
    return [row.stage for row in street.world.inbound()][2:]


def test_what_is_typed_behind_a_note_waits_and_is_answered_after_it(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    assert ayse.says("Met een tafel erbij") == 200
    street.rest()
    assert stages(street) == ["listening", "waiting"]
    assert len(since(ayse, before)) == 1, "only the thanks for her note"
    street.work()
    _, heard, both = since(ayse, before)
    assert FIRST in heard
    assert FIRST in both
    assert "Met een tafel erbij" in both
    assert stages(street) == ["done", "done"]


def test_after_a_minute_the_talk_goes_on_and_the_late_note_is_offered(
    street: Street, ears: Ears, note: bytes
) -> None:
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()
    street.clock.pass_time(seconds=59)
    assert not catch_up_overdue(street.house)
    street.clock.pass_time(seconds=2)
    assert catch_up_overdue(street.house)
    street.rest()
    assert len(since(ayse, before)) == 2
    assert stages(street) == ["listening", "done"]
    ears.says.append(FIRST)
    street.work()
    assert FIRST in since(ayse, before)[-1]
    assert ayse.heard[-1].buttons[0][0] == "yes"


def test_a_new_message_does_not_overtake_those_that_still_wait(
    street: Street, note: bytes
) -> None:
    """The minute is over, the loop has not run yet, and she writes again."""
    ayse = street.ayse()
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(seconds=61)
    ayse.says("hulp")
    street.rest()
    catch_up_overdue(street.house)
    street.rest()
    assert "plan" in since(ayse, before)[1]
    assert [row.body for row in street.world.inbound()][3:] == [
        {"text": "status"},
        {"text": "hulp"},
    ]
    order = [row.dedupe_key for row in street.outbox()][-2:]
    ids = [row.id for row in street.world.inbound()][3:]
    assert order == [f"in:{ids[0]}:0", f"in:{ids[1]}:0"]


def test_a_note_whose_minute_is_over_holds_nothing_back(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.rest()
    street.clock.pass_time(seconds=61)
    before = len(ayse.heard)
    ayse.says("status")
    street.rest()
    assert len(since(ayse, before)) == 1


def test_a_place_or_a_private_number_behind_a_note_is_not_lost(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.shares_place(52.3801, 4.8052)
    ayse.says("mijn bsn is 111222333")
    street.work()
    ayse.taps("yes")
    street.work()
    assert any("persoonlijk nummer" in heard.text for heard in ayse.heard)
    (plan,) = street.world.rows(table(PlanRow).where(PlanRow.talk_id.is_not(None)))
    assert (plan.latitude, plan.longitude) == (52.38, 4.805)


def test_two_notes_are_read_back_in_the_order_they_were_spoken(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    street.bot_api.will(throttled(3), "/getFile")
    ayse.sends_voice(note)
    ayse.sends_voice(note)
    street.work()
    street.clock.pass_time(seconds=6)
    street.work()
    last = ayse.heard[-1].text
    assert last.index(FIRST) < last.index(SECOND)


def plans(street: Street) -> list[str]:
    """Return the words of what residents have stored."""
    hers = table(PlanRow).where(PlanRow.talk_id.is_not(None))
    return [row.text for row in street.world.rows(hers)]


EARLY = ["ja", "1", "Ja."]
"""What could answer a read-back that was not there yet."""


@pytest.mark.parametrize("answer", EARLY)
def test_what_was_typed_before_the_read_back_is_not_its_answer(
    street: Street, ears: Ears, note: bytes, answer: str
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says(answer)
    street.work()
    assert plans(street) == []
    assert "oudere vraag" in ayse.heard[-1].text
    assert FIRST in ayse.heard[-1].text, "and she is asked once more"
    ayse.says(answer)
    street.work()
    assert plans(street) == [FIRST]


@pytest.mark.parametrize("answer", EARLY)
def test_a_note_said_while_another_is_recognised_is_never_its_answer(
    street: Street, ears: Ears, note: bytes, answer: str
) -> None:
    ears.says += [FIRST, answer, answer]
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.sends_voice(note)
    street.work()
    assert plans(street) == []
    assert FIRST in ayse.heard[-1].text
    ayse.sends_voice(note)
    street.work()
    assert plans(street) == [FIRST], "said after it, it is"


def test_a_note_said_while_another_is_recognised_is_a_part_of_the_plan(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    assert FIRST in ayse.heard[-1].text, "the read-back comes at once"
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("ja")
    street.work()
    assert plans(street) == [], "her yes is older than the read-back of the whole"
    _, whole, again = since(ayse, before)
    assert FIRST in whole
    assert SECOND in whole
    assert "oudere vraag" in again
    ayse.says("ja")
    street.work()
    assert plans(street) == [f"{FIRST}\n{SECOND}"]


def test_a_tap_on_the_read_back_of_a_part_does_not_store_the_whole(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    ayse.sends_voice(note)
    ayse.taps("yes")
    street.work()
    assert plans(street) == []
    assert "oudere vraag" in ayse.heard[-1].text
    ayse.taps("yes")
    street.work()
    assert plans(street) == [f"{FIRST}\n{SECOND}"]


def test_a_tap_on_a_question_that_a_silent_note_repeats_counts(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, Level.EMPTY]
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    ayse.sends_voice(note)
    ayse.taps("yes")
    street.work()
    assert plans(street) == [FIRST]


def test_notes_words_and_a_photo_are_one_plan_until_it_is_answered(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    ayse.says("Met een tafel erbij")
    ayse.sends_photo(a_photo())
    ayse.sends_voice(note)
    street.work()
    last = ayse.heard[-1].text
    assert "Foto's bij uw plan: 1" in last
    ayse.taps("yes")
    street.work()
    assert plans(street) == [f"{FIRST}\nMet een tafel erbij\n{SECOND}"]
    assert len(street.world.rows(table(PlanMedia))) == 3


def a_photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (9, 9)).save(made, "JPEG")
    return made.getvalue()


def test_words_between_two_notes_stay_between_them(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says += [FIRST, SECOND]
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("Met een tafel")
    ayse.sends_voice(note)
    street.work()
    last = ayse.heard[-1].text
    places = [last.index(part) for part in (FIRST, "Met een tafel", SECOND)]
    assert places == sorted(places)


def test_what_comes_the_moment_a_note_is_done_does_not_overtake(
    street: Street, ears: Ears, note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the note's own turn and the turns of what waited behind it."""
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()

    def in_between(house: House, talk_id: int) -> int:
        ayse.says("privacy")
        return catch_up(house, talk_id)

    monkeypatch.setattr(notes, "catch_up", in_between)
    street.work()
    ids = [row.id for row in street.world.inbound()]
    keys = [str(row.dedupe_key) for row in street.outbox()]
    answered = [keys.index(f"in:{number}:0") for number in ids[-2:]]
    assert answered == sorted(answered)


def test_what_waited_is_answered_though_the_listener_died_right_after_the_note(
    street: Street, ears: Ears, note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()
    with monkeypatch.context() as dying:
        dying.setattr(notes, "catch_up", lambda *_: 0)
        assert notes.listen_once(street.house)
    assert stages(street) == ["done", "waiting"]
    street.work()
    assert stages(street) == ["done", "done"]
    ayse.says("privacy")
    assert stages(street)[2] == "done", "the talk is no longer held back"


def test_words_wait_for_a_minute_however_many_notes_follow(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()
    before = len(ayse.heard)
    for _ in range(3):
        street.clock.pass_time(seconds=25)
        catch_up_overdue(street.house)
        ayse.sends_voice(note)
        # What is still on its way when the clock jumps has outlived its lease: it, and
        # all behind it, would wait for a claim that nobody makes here.
        street.rest()
    assert "plan" in " ".join(since(ayse, before))
    assert stages(street)[1] == "done"


def test_catching_up_twice_answers_once(
    street: Street, ears: Ears, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()
    street.clock.pass_time(seconds=61)
    (talk,) = street.talks()
    before = len(ayse.heard)
    done = at_once(*[lambda: catch_up(street.house, int(str(talk.id)))] * 3)
    street.rest()
    assert len(since(ayse, before)) == 1
    assert sum(each for each in done if isinstance(each, int)) >= 1


def test_a_late_note_is_read_back_as_a_plan(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append(FIRST)
    ayse = street.ayse()
    ayse.sends_voice(note)
    ayse.says("status")
    street.clock.pass_time(minutes=2)
    catch_up_overdue(street.house)
    street.work()
    (talk,) = street.talks()
    assert isinstance(load_talk(str(talk.state)).state, ConfirmingPlan)
