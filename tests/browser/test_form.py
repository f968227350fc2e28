"""The form of an event in the hands of a volunteer with a phone: three minutes, at the first try."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from events.models import Directory, Event
from tests import pictures
from tests.conftest import NOW
from tests.factories import make_city, make_event

pytestmark = pytest.mark.django_db(transaction=True)

MOST_INTERACTIONS = 25
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.shifted += entry.value;
})).observe({ type: "layout-shift", buffered: true });
"""
# In one go: Playwright itself would wait for the next page.
PRESS_AND_LOOK = """async () => {
  const button = document.querySelector("main button[type=submit]");
  button.click();
  button.click();
  await new Promise(resolve => setTimeout(resolve, 500));
  const said = document.querySelector("[data-says]").textContent;
  return [button.disabled, button.textContent, said, button.form.ariaBusy];
}"""
READ_PLACES = """() => [...document.querySelectorAll("main .field, main button, footer")]
  .filter(part => part.checkVisibility() && !part.closest(".trap"))
  .map(part => part.getBoundingClientRect().top)"""
FOCUSED = "document.activeElement.name"


class Hand:
    """Whoever fills in the form; counts what they have to do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.interactions = 0

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self._field(name).fill(value)

    def select(self, **fields: str) -> None:
        for name, value in fields.items():
            self._field(name).select_option(value)

    def check(self, name: str, value: str = "on") -> None:
        self._field(f'{name}"][value="{value}' if value != "on" else name).check()

    def uncheck(self, name: str, value: str) -> None:
        self._field(f'{name}"][value="{value}').uncheck()

    def upload(self, picture: bytes, name: str = "poster.jpg", kind: str = "image/jpeg") -> None:
        self._field("image").set_input_files({"name": name, "mimeType": kind, "buffer": picture})

    def choose_city(self, typed: str, city: str) -> None:
        self._field("city").press_sequentially(typed)
        self.click(suggestions(self.page).filter(has_text=city).first)

    def click(self, place) -> None:
        self.interactions += 1
        place.click()

    def send(self) -> None:
        self.click(self.page.locator("main button[type=submit]"))

    def _field(self, name: str):
        self.interactions += 1
        return self.page.locator(f'main [name="{name}"]').first


@pytest.fixture
def hand(page, clock):
    """On the form, which was opened a while ago."""
    make_city(search="|berlin|", population=3_400_000)
    make_city(id=1, name="Bergisch Gladbach", search="|bergisch gladbach|", latitude=50.99, longitude=7.13)
    make_city(id=2, name="Bergen", search="|bergen|", population=13_000, latitude=54.41, longitude=13.43)
    make_city(id=3, name="Bergen", search="|bergen|", population=12_000, latitude=52.81, longitude=9.96)
    page.add_init_script(WATCH_SHIFTS)
    page.goto("/en/submit/")
    clock.shift(timedelta(seconds=5))
    return Hand(page)


def value_of(page, name):
    return page.locator(f"main [name={name}]").input_value()


def suggestions(page):
    return page.locator("[role=listbox] [role=option]")


def said(page):
    return page.locator("[data-says]").text_content()


def fill_in(hand, *, has_suggestions=True):
    """All that a good entry needs and most people tell."""
    hand.fill(title="Həmrəylik gecəsi", description="An evening of *mugham* and tea.")
    hand.select(kind="concert", country="DE")
    if has_suggestions:
        hand.choose_city("Berl", "Berlin")
    else:
        hand.fill(city="Berlin")
    hand.fill(venue="Haus der Beispiele", address="Beispielstraße 12")
    hand.fill(start_date="2026-12-31", start_time="20:00", end_time="02:00")
    hand.fill(organiser="Beispielverein", contact_email="private@example.org")
    hand.check("consent")


def expect_sent(page):
    page.get_by_role("heading", name="confirm your e-mail").wait_for()


# At the first try


@pytest.mark.parametrize("has_javascript", [True, False])
def test_an_event_with_a_photo_is_sent_in_under_25_interactions(page, hand, has_javascript):
    fill_in(hand, has_suggestions=has_javascript)
    hand.upload(pictures.photo(1200, 900))
    hand.fill(image_alt="Musicians on a stage")
    hand.send()

    expect_sent(page)
    event = Event.objects.get()
    assert (event.city, event.place.name, event.zone, event.image_width) == ("Berlin", "Berlin", "Europe/Berlin", 1200)
    assert hand.interactions < MOST_INTERACTIONS


# Everything wrong first

WRONG = {
    "title": ("x", "at least three letters"),
    "description": ("[go](ftp://example.org/)", "Links must begin with"),
    "website": ("https://", "not a link to a page"),
    "registration_url": ("nowhere", "not a link to a page"),
    "online_url": ("some where", "not a link to a page"),
    "latitude": ("95", "less than or equal to 90"),
    "start_date": ("2026-11-30", "between 1 December 2026 and 31 January 2027"),
    "organiser": (";;", "Say who holds the event"),
    "contact_email": ("private(at)example.org", "not an e-mail address"),
}
UNTOUCHED = {
    "kind": "Choose what kind",
    "languages": "Tick at least one",
    "image_alt": "Describe the picture",
    "country": "Choose a country",
    "city": "Give the city",
    "consent": "Without your consent",
}
RIGHT = {
    "title": "Həmrəylik gecəsi",
    "description": "[go](https://example.org/)",
    "website": "example.org",
    "registration_url": "example.org/tickets",
    "online_url": "example.org/broadcast",
    "latitude": "",
    "start_date": "2026-12-27",
    "organiser": "Beispielverein",
    "contact_email": "private@example.org",
    "image_alt": "Musicians on a stage",
    "city": "Berlin",
}


def fill_in_wrongly(hand):
    hand.page.locator("summary", has_text="rarely needed").first.click()
    hand.check("admission", "ticket")
    hand.check("format", "hybrid")
    hand.uncheck("languages", "az")
    hand.upload(pictures.photo(1200, 900))
    hand.fill(venue="Haus der Beispiele", **{name: value for name, (value, _message) in WRONG.items()})


def put_right(hand):
    hand.select(kind="concert", country="DE")
    hand.check("languages", "az")
    hand.fill(**RIGHT)
    hand.page.keyboard.press("Escape")  # the list of cities
    hand.check("consent")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_where_every_field_is_wrong_each_is_told_and_nothing_is_lost(page, hand, clock):
    fill_in_wrongly(hand)
    hand.send()
    summary = page.get_by_role("alert").filter(has_text="This needs another look")
    expect(summary).to_be_focused()
    for name, message in {**{name: message for name, (_value, message) in WRONG.items()}, **UNTOUCHED}.items():
        field = page.locator(f"main [name={name}]").first
        expect(summary.get_by_role("link").filter(has_text=message).first).to_be_visible()
        around = page.locator(".field", has=page.locator(f"[name={name}]")).last
        expect(around.locator(".errorlist")).to_contain_text(message)
        assert field.get_attribute("aria-invalid") == "true", name
    for name, (value, _message) in WRONG.items():
        assert value_of(page, name) == value
    assert page.locator(".poster img").evaluate("async image => { await image.decode(); return image.naturalWidth; }")

    clock.shift(timedelta(seconds=5))
    put_right(hand)
    hand.send()

    expect_sent(page)
    event = Event.objects.get()
    assert (event.venue, event.image_alt, event.image_width) == ("Haus der Beispiele", "Musicians on a stage", 1200)
    assert event.website == "https://example.org"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_each_link_of_the_summary_leads_into_its_field(page, hand):
    fill_in_wrongly(hand)
    hand.send()
    summary = page.get_by_role("alert").filter(has_text="This needs another look")
    expect(summary).to_be_focused()
    page.evaluate("document.querySelectorAll('main form details').forEach(fold => { fold.open = false; })")

    for link in summary.get_by_role("link").all():
        target = link.get_attribute("href")
        link.click()
        expect(page.locator(target)).to_be_focused()
        expect(page.locator(target)).to_be_in_viewport()


def test_a_draft_takes_nothing_back_that_the_server_sent(page, hand):
    hand.fill(title="An older evening")
    page.wait_for_timeout(700)
    hand.fill(title="x")
    page.evaluate("localStorage.setItem('draft:new', localStorage['draft:new'].replace('An older evening', 'Stale'))")
    hand.send()

    page.get_by_text("This needs another look").wait_for()
    assert value_of(page, "title") == "x"
    assert not page.locator("[data-restored]").is_visible()


# Cities


def test_a_city_is_chosen_by_keyboard_alone(page, hand):
    hand.select(country="DE")
    page.locator("[name=country]").press("Tab")
    page.keyboard.type("ber")
    options = suggestions(page)
    expect(options).to_have_count(4)
    assert said(page) == "Suggestions: 4"
    city = page.get_by_role("combobox", name="City")
    expect(city).to_have_attribute("aria-expanded", "true")

    active = []
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowDown", "ArrowUp", "Home"):
        page.keyboard.press(key)
        active.append(page.locator(f"#{city.get_attribute('aria-activedescendant')}").text_content())
    assert [name.partition(" 5")[0] for name in active] == [
        "Berlin",
        "Bergisch Gladbach",
        "Bergen",
        "Berlin",
        "Bergen",
        "Berlin",
    ]
    page.keyboard.press("Enter")

    assert "/submit/" in page.url
    assert page.evaluate(FOCUSED) == "city"
    expect(city).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("Berlin · Europe/Berlin · 52.52, 13.41").first).to_be_visible()
    filled = [value_of(page, name) for name in ("city", "latitude", "longitude", "zone", "place")]
    assert filled == ["Berlin", "52.52", "13.41", "Europe/Berlin", "2950159"]


def test_whoever_goes_down_the_suggestions_while_typing_keeps_the_choice_when_the_next_answer_comes(page, hand):
    hand.select(country="DE")
    city = page.locator("[name=city]")
    city.press_sequentially("be")
    expect(suggestions(page)).to_have_count(4)
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/cities/*q=ber"):
        page.keyboard.press("r")

    page.keyboard.press("Enter")

    expect(city).to_have_value("Berlin")


def test_suggestions_are_in_sight_where_the_field_is_at_the_foot_of_the_screen(page, hand):
    hand.select(country="DE")
    page.locator("[name=city]").evaluate("field => { field.scrollIntoView({ block: 'end' }); field.focus() }")
    page.keyboard.type("ber")

    expect(suggestions(page)).to_have_count(4)
    expect(suggestions(page).last).to_be_in_viewport(ratio=1)
    expect(page.locator("[name=city]")).to_be_in_viewport(ratio=1)


def test_escape_closes_the_suggestions_and_tab_goes_on_with_what_was_typed(page, hand):
    hand.select(country="DE")
    page.locator("[name=city]").press_sequentially("ber")
    options = suggestions(page)
    expect(options).to_have_count(4)
    page.keyboard.press("Escape")
    expect(options.first).not_to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()

    page.keyboard.press("Tab")

    expect(options.first).not_to_be_visible()
    assert (page.evaluate(FOCUSED), value_of(page, "city"), value_of(page, "zone")) == ("venue", "ber", "")


def test_two_towns_of_one_name_are_told_apart_and_the_one_chosen_is_kept(page, hand):
    hand.select(country="DE")
    page.locator("[name=city]").press_sequentially("bergen")

    expect(suggestions(page)).to_have_text(
        ["Bergen 54.41, 13.43 · Population: 13,000", "Bergen 52.81, 9.96 · Population: 12,000"]
    )
    suggestions(page).last.click()
    assert value_of(page, "place") == "3"


def test_another_country_takes_away_what_a_choice_filled_in_and_not_what_was_typed(page, hand):
    hand.select(country="DE")
    hand.choose_city("Berl", "Berlin")
    page.locator("summary", has_text="rarely needed").first.click()
    hand.fill(latitude="52.5163", venue="Haus der Beispiele")

    hand.select(country="FR")

    emptied = [value_of(page, name) for name in ("city", "longitude", "zone", "place")]
    assert emptied == ["", "", "", ""]
    assert (value_of(page, "latitude"), value_of(page, "venue")) == ("52.5163", "Haus der Beispiele")
    hand.fill(city="Par")
    hand.select(country="DE")
    assert value_of(page, "city") == "Par"


def test_the_time_zones_of_the_country_are_offered_first(page, hand):
    with page.expect_response("**/cities/**"):
        hand.select(country="FR")

    expect(page.locator("[name=zone] optgroup").first.locator("option")).to_have_text(["Europe/Paris"])


@pytest.mark.parametrize("has_javascript", [False])
def test_without_javascript_the_browser_suggests_the_largest_cities_of_a_known_country(page, hand):
    page.goto("/en/submit/?country=DE")

    assert page.locator("datalist option").first.get_attribute("value") == "Berlin"
    assert page.locator("[name=city]").get_attribute("list") == page.locator("datalist").get_attribute("id")


# What is asked when


def test_fields_that_do_not_apply_are_asked_for_when_they_do(page, hand):
    fields = {
        name: page.locator(f"main [name={name}]").first
        for name in ("online_url", "registration_url", "venue", "image_alt")
    }
    visible = lambda: {name for name, field in fields.items() if field.is_visible()}  # noqa: E731
    assert visible() == {"venue"}

    hand.check("format", "online")
    hand.check("admission", "ticket")
    hand.upload(pictures.photo())
    page.locator(".poster canvas").wait_for()

    assert visible() == {"online_url", "registration_url", "image_alt"}
    assert page.locator("[required]:is([name=online_url], [name=image_alt])").count() == 2
    assert page.locator("[name=city]").get_attribute("required") is None
    hand.fill(online_url="https://example.org/")
    hand.check("format", "in_person")
    assert fields["online_url"].is_visible()  # nothing typed is hidden


@pytest.mark.parametrize("has_javascript", [False])
def test_without_javascript_all_fields_are_there(page, hand):
    hidden = page.locator("main form .field:not(.trap .field)").evaluate_all(
        "fields => fields.filter(field => !field.checkVisibility() && !field.closest('details')).length"
    )

    assert hidden == 0


# The card


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_preview_shows_what_is_typed(page, hand, screen):
    card = page.locator(".preview .card")
    if screen == "phone":
        assert not card.is_visible()
        page.get_by_text("How it will look").click()
    fill_in(hand)
    hand.upload(pictures.photo())

    expect(card.locator(".facts")).to_have_text("Thu 31 December, 20:00 Concert")
    expect(card.locator("h3")).to_have_text("Həmrəylik gecəsi")
    expect(card.locator(".where")).to_have_text("Berlin, Germany")
    expect(card.locator(".who")).to_have_text("Beispielverein")
    expect(card.locator("canvas")).to_be_visible()
    assert card.locator("[href]").count() == 0
    hand.fill(title="<b>Bold</b>")
    expect(card.locator("h3")).to_have_text("<b>Bold</b>")


@pytest.mark.parametrize("has_javascript", [False])
def test_without_javascript_there_is_no_preview(page, hand):
    assert not page.get_by_text("How it will look").is_visible()


# The picture


def test_a_photo_too_heavy_to_send_is_made_smaller_and_that_is_told(page, hand):
    heavy = pictures.noisy_photo(4800, 4000)
    assert len(heavy) > 8 * 1024 * 1024

    hand.upload(heavy)

    page.get_by_text("has been made smaller").first.wait_for()
    size, width = page.evaluate(
        """async () => {
          const [file] = document.querySelector("[name=image]").files;
          return [file.size, (await createImageBitmap(file)).width];
        }"""
    )
    assert size < 4_000_000
    assert width == 2400
    assert page.locator("[name=image]").get_attribute("aria-invalid") is None


def test_a_photo_is_shown_upright(page, hand):
    hand.upload(pictures.turned_photo(6))

    canvas = page.locator(".poster canvas")
    assert canvas.evaluate("canvas => [canvas.width, canvas.height]") == [300, 600]
    assert (
        canvas.evaluate("canvas => [...canvas.getContext('2d').getImageData(150, 100, 1, 1).data.slice(0, 3)]")[0] > 200
    )


@pytest.mark.parametrize(
    ("content", "name", "kind", "message"),
    [
        (b"%PDF-1.7", "poster.pdf", "application/pdf", "not a JPEG, PNG or WebP"),
        (b"GIF89a", "poster.gif", "image/gif", "not a JPEG, PNG or WebP"),
        (b"nothing", "poster.jpg", "image/jpeg", "damaged or incomplete"),
        (bytes(9 * 1024 * 1024), "poster.png", "image/png", "larger than 8 MB"),
    ],
)
def test_what_is_no_picture_is_told_before_it_is_sent(page, hand, content, name, kind, message):
    hand.upload(content, name, kind)

    field = page.locator("[name=image]")
    expect(page.locator("#id_image_error")).to_contain_text(message)
    assert message in said(page)
    assert "id_image_error" in field.get_attribute("aria-describedby")
    assert field.get_attribute("aria-invalid") == "true"
    hand.upload(pictures.photo())
    page.locator(".poster canvas").wait_for()
    assert field.get_attribute("aria-invalid") is None


def test_a_picture_is_taken_out_again(page, hand):
    hand.upload(pictures.photo())
    page.get_by_role("button", name="Remove the picture").click()

    assert page.locator("[name=image]").evaluate("input => input.files.length") == 0
    assert page.evaluate(FOCUSED) == "image"
    assert not page.locator("[name=image_alt]").is_visible()


# The draft


def leave_and_come_back(page):
    page.wait_for_timeout(700)
    page.goto("/en/about/")
    page.goto("/en/submit/")


def test_a_draft_survives_and_is_gone_after_sending(page, hand, clock):
    fill_in(hand)
    hand.upload(pictures.photo())
    leave_and_come_back(page)

    page.locator("[data-restored]").wait_for()
    assert page.get_by_text("Only the picture is to be chosen again.").is_visible()
    assert [value_of(page, name) for name in ("title", "city", "start_time")] == ["Həmrəylik gecəsi", "Berlin", "20:00"]
    assert not page.locator("[name=consent]").is_checked()
    kept = page.evaluate("localStorage['draft:new']")
    assert not [name for name in ("nickname", "consent", "stamp", "image_kept") if f'"{name}' in kept]
    assert page.evaluate("window.shifted") == 0
    clock.shift(timedelta(seconds=5))
    hand.check("consent")
    hand.send()
    expect_sent(page)

    assert page.evaluate("localStorage.length") == 0
    page.goto("/en/submit/")
    assert value_of(page, "title") == ""


def test_what_was_sent_back_with_a_message_survives_leaving_that_page(page, hand):
    hand.fill(title="Həmrəylik gecəsi", contact_email="private(at)example.org")
    hand.send()
    page.get_by_text("This needs another look").wait_for()
    leave_and_come_back(page)

    page.locator("[data-restored]").wait_for()
    assert value_of(page, "title") == "Həmrəylik gecəsi"


@pytest.mark.parametrize("has_javascript", [False])
def test_back_from_another_page_brings_back_what_was_sent_back_with_a_message(page, hand):
    hand.fill(title="Həmrəylik gecəsi", contact_email="private(at)example.org")
    hand.send()
    page.get_by_text("This needs another look").wait_for()
    page.goto("/en/about/")

    page.go_back()

    assert value_of(page, "title") == "Həmrəylik gecəsi"


def test_a_message_goes_when_what_it_is_about_is_put_right(page, hand):
    page.locator("[name=languages][value=az]").uncheck()
    hand.send()
    page.get_by_text("This needs another look").wait_for()
    told = page.locator("main form .errorlist")
    number = told.count()

    page.locator("[name=title]").fill("Həmrəylik gecəsi")
    page.locator("[name=title]").press("Tab")
    expect(told).to_have_count(number - 1)
    page.locator("[name=languages][value=az]").check()
    expect(told).to_have_count(number - 2)
    page.locator("[name=consent]").check()

    expect(told).to_have_count(number - 3)
    assert page.locator("[aria-invalid]:is([name=title], [name=languages], [name=consent])").count() == 0


def test_whoever_has_sent_the_form_sees_to_which_address_the_letter_goes(page, hand, clock):
    fill_in(hand)
    clock.shift(timedelta(seconds=5))
    hand.check("consent")
    hand.send()
    expect_sent(page)

    expect(page.get_by_text("It goes to: private@example.org")).to_be_visible()
    page.reload()
    assert not page.get_by_text("It goes to:").is_visible()


def test_a_draft_is_laid_aside_and_taken_up_again(page, hand):
    hand.fill(title="Həmrəylik gecəsi")
    leave_and_come_back(page)
    assert not page.get_by_text("picture is to be chosen").is_visible()

    page.get_by_role("button", name="Start afresh").click()
    assert value_of(page, "title") == ""
    assert page.get_by_text("The form is empty again.").is_visible()
    page.get_by_role("button", name="Undo").click()

    assert value_of(page, "title") == "Həmrəylik gecəsi"


def test_a_draft_is_dropped_after_two_weeks(page, hand):
    hand.fill(title="Həmrəylik gecəsi")
    page.goto("/en/about/")
    page.clock.set_fixed_time(NOW + timedelta(days=13))
    page.goto("/en/submit/")
    assert value_of(page, "title") == "Həmrəylik gecəsi"
    page.goto("/en/about/")  # the draft is as old as what is in it

    page.clock.set_fixed_time(NOW + timedelta(days=15))
    page.goto("/en/submit/")

    assert value_of(page, "title") == ""


def test_a_browser_that_keeps_nothing_changes_nothing(page, hand):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });"
    )
    page.goto("/en/submit/")
    fill_in(hand)
    hand.send()

    expect_sent(page)
    assert Event.objects.count() == 1


# Sending


def test_a_slow_upload_shows_that_it_is_under_way_and_is_sent_once(page, hand):
    held = []
    page.route("**/submit/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    fill_in(hand)

    assert page.evaluate(PRESS_AND_LOOK) == [True, "Sending…", "Sending…", "true"]
    held[0].continue_()
    expect_sent(page)
    assert (len(held), Event.objects.count()) == (1, 1)


@pytest.fixture
def flooded_site():
    Directory.objects.update_or_create(pk=1, defaults={"asks_for_work": True})


def test_while_robots_flood_the_site_the_browser_does_its_sum(flooded_site, page, hand):
    expect(page.locator("[name=work]")).to_have_value(re.compile(r"^\d+$"))
    fill_in(hand)
    hand.send()

    expect_sent(page)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("has_javascript", [False])
def test_while_robots_flood_the_site_people_without_javascript_are_told(flooded_site, page, hand):
    notice = page.locator("noscript p")
    assert "your browser needs JavaScript; or come back later" in notice.inner_text()
    assert notice.is_visible()


# Nothing moves

# The policy of the site forbids Playwright to ask again and again: it would have to evaluate a text each time.
WAIT_FOR_STYLES = """() => Promise.all([...document.querySelectorAll("link[rel=stylesheet]")].map(
  link => link.sheet || new Promise(loaded => link.addEventListener("load", loaded)))).then(() => null)"""


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_moves_when_the_script_comes_late(page, hand, width, language):
    page.set_viewport_size({"width": width, "height": 900})
    held = []
    page.route("**/js/submit*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright counts its parameters
    page.goto(f"/{language}/submit/?country=DE", wait_until="commit")
    page.locator("footer.site").wait_for()
    page.evaluate(WAIT_FOR_STYLES)
    before = page.evaluate(READ_PLACES)

    held[0].continue_()
    page.locator("[name=zone] optgroup").first.wait_for(state="attached")

    assert page.evaluate(READ_PLACES) == before
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_may_be_the_same_event_is_shown_before_it_is_stored(page, hand, clock):
    make_event(title="Həmrəylik gecəsi", start_date=date(2026, 12, 31), place_id=2950159)
    fill_in(hand)
    hand.send()

    page.get_by_role("heading", name="Is it one of these?").wait_for()
    assert Event.objects.count() == 1
    clock.shift(timedelta(seconds=5))
    hand.check("is_new")
    hand.send()
    expect_sent(page)
    assert Event.objects.count() == 2


@pytest.mark.parametrize("has_javascript", [True, False])
def test_from_a_question_a_link_leads_to_the_button_at_the_end(page, hand):
    fill_in(hand, has_suggestions=False)
    hand.fill(city="Bergi")
    hand.send()

    page.get_by_role("link", name="To the button").click()
    expect(page.get_by_role("button", name="Send for review")).to_be_in_viewport(ratio=1)


def test_a_city_that_is_not_known_is_asked_for(page, hand, clock):
    fill_in(hand)
    hand.fill(city="Bergi")
    hand.send()

    page.get_by_role("group", name="Which city is meant?").get_by_text("Bergisch Gladbach").click()
    clock.shift(timedelta(seconds=5))
    hand.send()
    expect_sent(page)
    assert Event.objects.get().place.name == "Bergisch Gladbach"
