"""The world map under the hands of visitors: wheel, drag, fingers, keyboard, buttons, and without any script."""

import pytest

from tests.browser.conftest import wait_until
from tests.factories import PARIS, make_city, make_event

pytestmark = pytest.mark.django_db(transaction=True)

BAKU = {"id": 587084, "name": "Baku", "country": "AZ", "latitude": 40.38, "longitude": 49.89}
TOKYO = {"id": 1850147, "name": "Tokyo", "country": "JP", "latitude": 35.69, "longitude": 139.69}
VALLETTA = {"id": 2562305, "name": "Valletta", "country": "MT", "latitude": 35.9, "longitude": 14.51}

desktop = pytest.mark.parametrize("screen", ["desktop"])
everywhere = pytest.mark.parametrize("screen", ["phone", "desktop"])
without_script = pytest.mark.parametrize("has_javascript", [False])


@pytest.fixture(autouse=True)
def events():
    make_event(place=make_city())
    for city in (PARIS, BAKU, TOKYO, VALLETTA):
        make_event(country=city["country"], city=city["name"], place=make_city(**city))


@pytest.fixture
def home(page):
    page.emulate_media(reduced_motion="reduce")  # so that no test waits for a glide
    page.goto("/en/")
    return page


def seen(page):
    """What the map has to show: x, y, width and height in map units."""
    return [float(number) for number in page.locator("svg#world").get_attribute("viewBox").split()]


def width_seen(page):
    return seen(page)[2]


def pixels(page, city, *, drawing="svg#world"):
    """Where a light stands on the screen, within a drawing that has the same lights."""
    return page.evaluate(
        """([city, drawing]) => {
          const { cx, cy } = document.querySelector(`[data-city="${city}"]`);
          const map = document.querySelector(drawing).getScreenCTM();
          const { x, y } = new DOMPoint(cx.baseVal.value, cy.baseVal.value).matrixTransform(map);
          return [x, y];
        }""",
        [city, drawing],
    )


def box_of(page, selector):
    return page.locator(selector).bounding_box()


def is_within(point, box):
    return box["x"] <= point[0] <= box["x"] + box["width"] and box["y"] <= point[1] <= box["y"] + box["height"]


def point_at(page, selector="svg#world"):
    """Moves the mouse to the middle of what is selected."""
    page.locator(selector).scroll_into_view_if_needed()
    box = box_of(page, selector)
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


# Without script


@everywhere
@without_script
def test_europe_is_enlarged_beside_the_world_at_first_sight(home, screen):
    near = [pixels(home, city, drawing=".companion") for city in ("Berlin", "Paris")]
    far = [pixels(home, city) for city in ("Berlin", "Paris")]

    assert abs(near[0][0] - near[1][0]) > 2.5 * abs(far[0][0] - far[1][0])
    assert all(
        is_within(pixels(home, city, drawing=".companion"), box_of(home, ".companion")) for city in ("Baku", "Paris")
    )
    assert is_within(pixels(home, "Tokyo"), box_of(home, "svg#world"))
    assert home.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not home.get_by_role("button", name="Zoom in").is_visible()


@desktop
@without_script
def test_a_region_is_a_link_and_the_companion_leads_back(home, screen):
    home.get_by_role("link", name="Asia and the Caucasus").click()

    home.wait_for_url("**/en/?region=asia#map")
    assert is_within(pixels(home, "Tokyo"), box_of(home, "svg#world"))
    assert home.locator("[aria-current=true]", has_text="Asia").count() == 1
    assert home.locator(".frame").is_visible()

    home.get_by_role("link", name="Show the whole world").click()
    home.wait_for_url("**/en/")
    assert width_seen(home) == 2000


@desktop
@without_script
def test_the_map_and_its_companion_stand_in_the_first_view(home, screen):
    home.set_viewport_size({"width": 1280, "height": 800})

    boxes = [box_of(home, selector) for selector in ("svg#world", ".window")]

    assert all(box["y"] + box["height"] < 800 for box in boxes)
    assert abs(boxes[0]["height"] - boxes[1]["height"]) < 2


# Zooming and moving


@desktop
def test_the_wheel_zooms_where_the_pointer_is(home, screen):
    home.mouse.move(*pixels(home, "Tokyo"))
    home.mouse.move(*[at + 1 for at in pixels(home, "Tokyo")])
    before = pixels(home, "Tokyo")

    home.mouse.wheel(0, -300)
    wait_until(lambda: width_seen(home) < 1500)

    assert pixels(home, "Tokyo") == pytest.approx(before, abs=4)
    assert home.evaluate("scrollY") == 0
    assert home.locator(".map").get_attribute("data-region") == "near"


@desktop
def test_a_wheel_that_scrolls_the_page_is_not_caught_by_the_map(home, screen):
    home.set_viewport_size({"width": 1280, "height": 500})
    point_at(home)
    start = home.evaluate("scrollY")
    home.mouse.wheel(0, 120)
    wait_until(lambda: home.evaluate("scrollY") == start + 120)

    home.mouse.wheel(0, -120)
    wait_until(lambda: home.evaluate("scrollY") == start)

    assert width_seen(home) == 2000


@desktop
def test_the_map_is_dragged_and_a_drag_opens_no_country(home, screen):
    home.get_by_role("link", name="Europe 3").click()
    before = seen(home)
    point_at(home)
    home.mouse.down()
    home.mouse.move(400, 400, steps=4)
    home.mouse.move(300, 380, steps=4)
    home.mouse.up()

    assert seen(home)[2:] == before[2:]
    assert seen(home)[:2] != before[:2]
    assert "/countries/" not in home.url


@everywhere
def test_buttons_zoom_and_lead_back(home, screen):
    home.get_by_role("button", name="Zoom in").click()
    home.get_by_role("button", name="Zoom in").click()
    assert width_seen(home) < 800
    home.get_by_role("button", name="Zoom out").click()
    assert 800 < width_seen(home) < 1300

    home.get_by_role("button", name="Show the whole world").click()
    assert width_seen(home) == 2000


@desktop
def test_keys_zoom_and_move_while_the_focus_is_on_the_map(home, screen):
    home.locator("a[data-country=DE]").focus()
    for key in ("+", "+"):
        home.keyboard.press(key)
    near = seen(home)
    assert near[2] < 800

    home.keyboard.press("ArrowRight")
    assert seen(home)[0] > near[0]
    home.keyboard.press("-")
    assert width_seen(home) > near[2]
    home.keyboard.press("0")
    assert width_seen(home) == 2000


@desktop
def test_tab_meets_the_countries_with_events_alone_and_leaves_the_map(home, screen):
    home.locator("#world a[data-country=AZ]").focus()
    names = []
    for _number in range(7):
        names.append(
            home.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText")
        )
        home.keyboard.press("Tab")

    labels = [f"{name}, 1 event" for name in ("Azerbaijan", "France", "Germany", "Japan", "Malta")]
    assert names == [*labels, "Europe enlarged", "World\n5"]


@desktop
def test_a_country_in_focus_comes_into_view(home, screen):
    home.get_by_role("link", name="Europe 3").click()
    home.locator("#world a[data-country=DE]").focus()
    home.keyboard.press("Tab")  # to Japan

    assert is_within(pixels(home, "Tokyo"), box_of(home, "svg#world"))


def test_two_fingers_zoom_europe_on_a_phone_and_one_scrolls_the_page(home):
    home.locator(".companion").scroll_into_view_if_needed()
    box = box_of(home, ".companion")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = home.context.new_cdp_session(home)

    def touch(kind, *xs):
        points = [{"x": at, "y": y, "id": number} for number, at in enumerate(xs)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x - 20, x + 20)
    for apart in (30, 45, 60, 80):
        touch("touchMove", x - apart, x + apart)
    touch("touchEnd")

    assert 90 <= width_seen(home) < 200
    assert home.locator(".window").inner_text() == "Show the whole world"


def test_a_tap_on_the_small_world_of_a_phone_goes_nearer(home):
    home.locator("svg#world").scroll_into_view_if_needed()
    home.touchscreen.tap(*pixels(home, "Tokyo"))

    assert width_seen(home) == 500
    assert is_within(pixels(home, "Tokyo"), box_of(home, "svg#world"))
    home.touchscreen.tap(*pixels(home, "Tokyo"))
    home.wait_for_url("**/en/countries/jp/")


@everywhere
def test_regions_open_without_loading_the_page_and_back_leads_back(home, screen):
    home.evaluate("window.isSamePage = true")
    home.get_by_role("link", name="Asia and the Caucasus").click()
    assert "region=asia" in home.url
    assert width_seen(home) == 680

    home.go_back()
    wait_until(lambda: width_seen(home) == 2000)
    home.locator(".window").click()
    assert "region=europe" in home.url
    assert home.evaluate("window.isSamePage")


# Names and lights


@desktop
def test_the_pointer_is_told_the_country_and_the_city(home, screen):
    home.mouse.move(*pixels(home, "Berlin"))

    assert home.locator(".tip").inner_text() == "Germany, 1 event\nBerlin, 1 event"

    home.keyboard.press("Escape")
    assert not home.locator(".tip").is_visible()


@desktop
def test_the_tip_of_a_country_in_focus_stays_on_the_screen(home, screen):
    home.locator("#world a[data-country=FR]").focus()
    home.keyboard.press("Shift+Tab")
    home.keyboard.press("Tab")

    tip = box_of(home, ".tip")
    assert home.locator(".tip").inner_text() == "France, 1 event"
    assert tip["x"] >= 0
    assert tip["x"] + tip["width"] <= 1280

    home.keyboard.press("Escape")
    assert not home.locator(".tip").is_visible()


@desktop
def test_a_country_in_the_list_and_on_the_map_light_each_other(home, screen):
    listed = home.locator(".countries a", has_text="Germany")
    listed.hover()
    assert home.locator("#world .hot").get_attribute("href").endswith("#DE")
    assert home.locator(".companion .hot").get_attribute("href").endswith("#DE")

    home.evaluate("scrollTo(0, 0)")
    home.mouse.move(*pixels(home, "Paris"))
    assert home.locator(".countries a.hot").inner_text() == "France"

    listed.focus()
    assert home.locator("#world .hot").get_attribute("href").endswith("#DE")


@desktop
def test_a_click_beside_a_small_country_opens_that_country(home, screen):
    x, y = pixels(home, "Valletta")
    home.mouse.click(x + 5, y)

    home.wait_for_url("**/en/countries/mt/")
    assert "Malta" in home.locator("h1").inner_text()


# Calm


@everywhere
def test_nothing_moves_for_those_who_asked_for_it(home, screen):
    assert home.evaluate("document.getAnimations().length") == 0


@everywhere
@pytest.mark.parametrize("line", ["fast", "slow"])
def test_the_page_stands_still_while_it_loads(page, screen, settings, line):
    if line == "slow":
        settings.ROOT_URLCONF = "tests.slow_urls"
    page.add_init_script(
        """window.shifts = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifts += entry.value)))
          .observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto("/en/")
    page.wait_for_load_state("networkidle")

    assert page.get_by_role("button", name="Zoom in").is_visible()
    assert page.evaluate("window.shifts") == 0
