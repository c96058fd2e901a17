"""Without internet nothing is lost, and nothing arrives twice."""

import base64

from playwright.sync_api import FilePayload, Route, expect

from tests.browser.hands import OWN, Resident

WAITING = "#waiting .message"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
PHOTO: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}


def _hears_own(resident: Resident, words: str) -> None:
    expect(resident.page.locator(OWN).filter(has_text=words)).to_have_count(1)


def test_what_is_typed_offline_is_sent_once_when_online(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.goes_offline()
    resident.types("Een bank bij de kerk")
    page = resident.page
    expect(page.locator(WAITING)).to_have_count(1)
    expect(page.locator("#note")).not_to_be_empty()
    resident.is_pictured("offline")
    resident.is_back_online()
    _hears_own(resident, "Een bank bij de kerk")
    expect(page.locator(WAITING)).to_have_count(0)
    expect(page.locator("#note")).to_be_empty()
    page.wait_for_timeout(1_500)
    _hears_own(resident, "Een bank bij de kerk")


def test_the_page_opens_offline_and_still_has_what_waits(resident: Resident) -> None:
    resident.starts_in("tr")
    page = resident.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the second visit is the first one that is kept
    expect(resident.button("menu:plan")).to_be_visible()
    resident.goes_offline()
    resident.types("Parka ışık istiyorum")
    expect(page.locator(WAITING)).to_have_count(1)
    page.reload()
    expect(page.locator(WAITING)).to_contain_text("Mesajınız saklandı.")
    assert "Parka" not in page.locator(WAITING).inner_text(), "sealed for the server"
    resident.is_back_online()
    _hears_own(resident, "Parka ışık istiyorum")
    expect(page.locator(WAITING)).to_have_count(0)


def test_an_answer_lost_on_the_way_does_not_double_the_message(
    resident: Resident,
) -> None:
    resident.starts_in("nl")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.fallback()
            return
        lost.append(route.request.post_data or "")
        route.fetch()  # the server takes it, the page never hears so
        route.abort()

    resident.forgives("ERR_FAILED")
    resident.page.route("**/phone/say*", lose_first)
    resident.types("Een lamp in het park")
    _hears_own(resident, "Een lamp in het park")
    assert lost
    expect(resident.page.locator(WAITING)).to_have_count(0)


def test_order_is_kept_when_several_messages_wait(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.goes_offline()
    words = ["eerst", "daarna", "ten slotte"]
    for each in words:
        resident.types(each)
    expect(resident.page.locator(WAITING)).to_have_count(3)
    resident.is_back_online()
    expect(resident.page.locator(OWN)).to_have_count(4)
    own = resident.page.locator(f"{OWN} .bubble p").all_inner_texts()
    assert own[1:] == words


STORED = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("phone", 1);
    asked.onsuccess = () => done(asked.result);
    asked.onupgradeneeded = () => asked.result.createObjectStore("blobs");
  });
  const all = await new Promise((done) => {
    const asked = db.transaction("blobs").objectStore("blobs").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  const inside = all.map(({ sealed }) => String.fromCharCode(...sealed));
  return [JSON.stringify(localStorage), JSON.stringify(sessionStorage), ...inside];
}"""


def test_nobody_reads_in_the_browser_what_waits_there(resident: Resident) -> None:
    resident.starts_in("nl")
    page = resident.page
    resident.goes_offline()
    resident.types("Fatima wil een bank bij nummer 12")
    expect(page.locator(WAITING)).to_have_count(1)
    page.locator("#text").fill("En haar buurvrouw ook")
    page.wait_for_function("() => sessionStorage.getItem('phone.draft')")
    page.locator("input[type=file]").first.set_input_files(PHOTO)
    expect(page.locator(WAITING)).to_have_count(2)
    local, session, *files = page.evaluate(STORED)
    assert len(files) == 1
    for words in ("Fatima", "nummer", "buurvrouw"):
        assert words not in local + session
    assert "sealed" in local
    assert not any("JFIF" in each or "PNG" in each for each in files)
    resident.is_back_online()
    page.reload()
    _hears_own(resident, "Fatima wil een bank bij nummer 12")
    expect(page.locator(WAITING)).to_have_count(0)
    expect(page.locator("#text")).to_have_value("En haar buurvrouw ook")
    assert page.evaluate(STORED)[2:] == []


CUT = """() => {
  // The page is closed before its browser has deleted the file.
  IDBObjectStore.prototype.delete = function () {
    sessionStorage.setItem("cut", "yes");
    return {};
  };
}"""


def test_a_page_closed_while_it_deletes_leaves_nothing(resident: Resident) -> None:
    resident.starts_in("nl")
    page = resident.page
    page.evaluate(CUT)
    page.locator("input[type=file]").first.set_input_files(PHOTO)
    page.wait_for_function("() => sessionStorage.getItem('cut')")
    page.reload()
    _hears_own(resident, "Foto")
    expect(page.locator(WAITING)).to_have_count(0)
    assert page.evaluate(STORED)[2:] == []


STRAY = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("phone", 1);
    asked.onsuccess = () => done(asked.result);
    asked.onupgradeneeded = () => asked.result.createObjectStore("blobs");
  });
  const begun = db.transaction("blobs", "readwrite");
  const files = begun.objectStore("blobs");
  const of = (...bytes) => ({ sealed: new Uint8Array(bytes), type: "image/jpeg" });
  files.put(of(101), "kept by an earlier page");
  files.put({ ...of(102), at: Date.now() - 120_000 }, "closed two minutes ago");
  files.put({ ...of(103), at: Date.now() }, "another page is at it");
  await new Promise((done) => (begun.oncomplete = done));
  db.close();
}"""


def test_a_file_without_its_item_is_deleted_unless_it_is_new(
    resident: Resident,
) -> None:
    resident.starts_in("nl")
    page = resident.page
    page.evaluate(STRAY)
    page.reload()
    expect(resident.button("menu:plan")).to_be_visible()
    assert page.evaluate(STORED)[2:] == ["g"]


def test_what_has_waited_for_a_week_is_deleted_and_told(resident: Resident) -> None:
    resident.starts_in("nl")
    page = resident.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(resident.button("menu:plan")).to_be_visible()
    resident.goes_offline()
    resident.types("van een week geleden")
    expect(page.locator(WAITING)).to_have_count(1)
    page.evaluate(
        """() => {
      const [item] = JSON.parse(localStorage.getItem("phone.waiting"));
      item.at = new Date(Date.now() - 7.1 * 86_400_000).toISOString();
      localStorage.setItem("phone.waiting", JSON.stringify([item]));
    }"""
    )
    page.reload()
    expect(page.locator("#note")).to_contain_text("7 dagen")
    expect(page.locator(WAITING)).to_have_count(0)
    assert page.evaluate("localStorage.getItem('phone.waiting')") is None
    resident.is_back_online()
    expect(page.locator(OWN).filter(has_text="van een week")).to_have_count(0)


def test_what_another_talk_sealed_is_not_opened(resident: Resident) -> None:
    resident.starts_in("nl")
    page = resident.page
    resident.goes_offline()
    resident.types("van de vorige")
    expect(page.locator(WAITING)).to_have_count(1)
    resident.forgives("410")
    resident.forgives("403")
    resident.context.clear_cookies()
    resident.is_back_online()  # without its cookie the page begins anew by itself
    expect(page.locator(WAITING)).to_contain_text("niet verstuurd")
    expect(page.locator(OWN).filter(has_text="van de vorige")).to_have_count(0)
