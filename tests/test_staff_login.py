"""How members of staff get in at the desk, and how nobody else does: password, second step, limits, sessions."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from events import limits, staff
from events.models import Bucket, Status
from tests.factories import make_event, make_moderator
from tests.organisers import read_tables
from tests.staff import PASSWORD, make_device, read_code, sign_in
from tests.test_leaks import doors_of, store_picture
from tests.test_race import at_once

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
STEP = "/admin/second-factor/"
CHANGE = "/admin/password_change/"
LANGUAGE = "/admin/language/"
HOME = "198.51.100.7"
NOBODY = "nobody-of-that-name"


class CountingHasher(MD5PasswordHasher):
    """A real hasher that tells how often it was asked."""

    algorithm = "counting"
    asked = 0

    def encode(self, password, salt):
        type(self).asked += 1
        return super().encode(password, salt)


@pytest.fixture
def hasher(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.asked = 0
    return CountingHasher


@pytest.fixture
def moderator():
    return make_moderator("DE")


@pytest.fixture
def chief():
    return User.objects.create_superuser("chief", password=PASSWORD)


@pytest.fixture
def browser():
    return Client()


def give_password(client, name, password=PASSWORD, *, network=HOME, onward="", follow=False):
    data = {"username": name, "password": password, **({"next": onward} if onward else {})}
    return client.post(LOGIN, data, REMOTE_ADDR=network, follow=follow)


def give_code(client, code, *, network=HOME, onward=""):
    return client.post(STEP, {"code": code, "next": onward}, REMOTE_ADDR=network)


def enter(client, user, *, network=HOME):
    give_password(client, user.username, network=network)
    return give_code(client, read_code(make_device(user)), network=network)


def is_in(client):
    return client.get("/admin/").status_code == 200


def wrong(code):
    return f"{(int(code) + 5) % 10**6:06}"


# The two steps


def test_password_and_code_open_the_page_that_was_asked_for(browser, moderator):
    device, page = make_device(moderator), "/admin/events/event/?q=a%20b"

    asked = browser.get("/admin/events/event/", {"q": "a b"}, follow=True)
    assert asked.redirect_chain[-1][0].startswith(LOGIN)
    answer = give_password(browser, moderator.username, onward=page, follow=True)
    assert "six digits" in answer.text
    assert answer.context["next"] == page
    answer = give_code(browser, read_code(device), onward=page)

    assert (answer.status_code, answer.url) == (302, page)
    assert is_in(browser)


def test_a_wrong_password_is_answered_like_a_name_that_nobody_has(browser, moderator):
    known, unknown = (give_password(browser, name, "wrong") for name in (moderator.username, NOBODY))

    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert "sessionid" not in browser.cookies
    assert not is_in(browser)


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_who_is_no_longer_staff_gets_no_further_than_the_password(browser, fields):
    user = User.objects.create_user("former", password=PASSWORD, **{"is_staff": True, **fields})

    answer = give_password(browser, "former")

    assert "correct" in answer.context["form"].non_field_errors()[0]
    browser.force_login(user)
    assert browser.get(STEP).url.startswith(LOGIN)
    assert not is_in(sign_in(Client(), user))


def desk_addresses():
    """Every address of the desk, with 1 for each number in it."""
    _prefix, desk = get_resolver("config.urls").namespace_dict["admin"]
    for name in filter(lambda name: isinstance(name, str), desk.reverse_dict):
        for [(pattern, parameters)], *_rest in desk.reverse_dict.getlist(name):
            yield "/admin/" + pattern % {**dict.fromkeys(parameters, "1"), "app_label": "auth"}


@pytest.mark.parametrize("is_superuser", [True, False])
@pytest.mark.parametrize("has_device", [True, False])
def test_the_password_alone_opens_no_address_of_the_desk(browser, is_superuser, has_device):
    user = make_moderator("DE", is_superuser=is_superuser)
    make_event(id=1, title="Sentinel evening", status=Status.PENDING)
    if has_device:
        make_device(user)
    browser.force_login(user)
    own = {STEP: 200, LANGUAGE: 405, "/admin/logout/": 405}
    browser.get(STEP)  # keeps a secret in the session
    before, addresses = read_tables(), {*desk_addresses()}

    assert len(addresses) > 30
    for address in addresses:
        answer = browser.get(address, follow=True)
        arrived = answer.request["PATH_INFO"]
        if address.startswith("/admin/r/"):
            assert answer.status_code == 404
        else:
            assert (arrived, answer.status_code) == (address if address in own else STEP, own.get(address, 200))
        assert "Sentinel" not in answer.text
        assert "Directory" not in answer.text
        if address not in {LOGIN, STEP, "/admin/logout/"}:
            browser.post(address, {"_publish": "x", "version": 1, "post": "yes", "action": "reset_second_factor"})
    assert read_tables() == before


@pytest.mark.parametrize("is_superuser", [True, False])
def test_the_password_alone_shows_no_picture_of_an_unpublished_event(browser, is_superuser):
    user = make_moderator("DE", is_superuser=is_superuser)
    address = doors_of(make_event(status=Status.PENDING, **store_picture()))["picture"]
    browser.force_login(user)

    assert browser.get(address).status_code == 404
    answer = sign_in(browser, user).get(address)
    answer.getvalue()
    assert answer.status_code == 200


@pytest.mark.parametrize("onward", ["https://example.com/", "//example.com", "javascript:alert(1)", "/\\example.com"])
def test_no_address_of_another_site_is_led_to(browser, moderator, onward):
    device = make_device(moderator)

    first = give_password(browser, moderator.username, onward=onward)
    assert first.url == f"{STEP}?next=%2Fadmin%2F"
    assert browser.get(STEP, {"next": onward}).context["next"] == "/admin/"
    assert give_code(browser, read_code(device), onward=onward).url == "/admin/"
    assert browser.post(LANGUAGE, {"language": "ru", "next": onward}).url == "/admin/"


def test_the_key_of_the_session_changes_at_each_step(browser, moderator):
    keys = [browser.session.session_key]
    give_password(browser, moderator.username)
    keys.append(browser.session.session_key)
    give_code(browser, read_code(make_device(moderator)))
    keys.append(browser.session.session_key)

    assert len({*keys}) == 3
    stolen = Client()
    stolen.cookies["sessionid"] = keys[1]
    assert not is_in(stolen)


# The first time


def read_secret(page):
    return page.context["secret"].replace(" ", "")


def set_up(client, user):
    """The device that a new member of staff makes from what the page shows."""
    give_password(client, user.username)
    page = client.get(STEP)
    app = TOTPDevice(user=user, key=client.session["new_second_factor"], last_t=-1)
    assert read_secret(page) in app.config_url
    return app


def code_of(app):
    app.refresh_from_db = lambda: None
    return read_code(app)


def test_who_has_no_second_step_yet_sets_it_up_with_the_first_code(browser, moderator):
    app = set_up(browser, moderator)
    assert not is_in(browser)

    answer = give_code(browser, code_of(app), onward="/admin/events/event/")

    assert answer.url == "/admin/events/event/"
    assert is_in(browser)
    assert TOTPDevice.objects.get().user == moderator
    assert "new_second_factor" not in browser.session


def test_the_page_that_sets_up_is_the_same_when_loaded_anew_and_writes_nothing_before_a_code_fits(browser, moderator):
    app = set_up(browser, moderator)
    secret = read_secret(browser.get(STEP))

    answer = give_code(browser, wrong(code_of(app)))

    assert read_secret(answer) == secret
    assert "does not fit" in answer.text
    assert not TOTPDevice.objects.exists()
    assert not is_in(browser)


def test_the_secret_is_shown_without_inline_style_and_never_again(browser, moderator):
    app = set_up(browser, moderator)
    page = browser.get(STEP)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert "data:" not in page.text
    assert page.context["link"].startswith(f"otpauth://totp/localhost%3A{moderator.username}?secret=")

    give_code(browser, code_of(app))
    browser.logout()
    give_password(browser, moderator.username)

    page = browser.get(STEP)
    assert "<svg" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert app.key not in page.text


def test_the_first_code_is_used_up_by_setting_up(browser, moderator):
    app = set_up(browser, moderator)
    code = code_of(app)
    give_code(browser, code)

    other = Client()
    give_password(other, moderator.username)
    assert "does not fit" in give_code(other, code).text


def test_a_stranger_with_the_password_makes_no_second_app_for_a_moderator_who_has_one(browser, moderator):
    app = set_up(browser, moderator)  # opened before, in the stranger's browser
    enter(Client(), moderator)

    answer = give_code(browser, code_of(app))

    assert "does not fit" in answer.text
    assert TOTPDevice.objects.count() == 1
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_of_two_apps_set_up_at_once_there_is_one():
    user = make_moderator("DE")
    secrets = [f"{number:040x}" for number in (1, 2)]
    codes = [code_of(TOTPDevice(user=user, key=secret, last_t=-1)) for secret in secrets]

    outcomes = at_once(*[lambda pair=pair: staff.enrol(user, *pair) for pair in zip(secrets, codes, strict=True)])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "TOTPDevice"]
    assert TOTPDevice.objects.count() == 1


# Codes


def test_a_code_works_once(browser, moderator):
    code = read_code(make_device(moderator))
    give_password(browser, moderator.username)
    give_code(browser, code)

    again = Client()
    give_password(again, moderator.username)
    answer = give_code(again, code)

    assert "does not fit" in answer.text
    assert not is_in(again)


@pytest.mark.django_db(transaction=True)
def test_of_one_code_given_twice_at_once_one_gets_in():
    user = make_moderator("DE")
    code = read_code(make_device(user))

    outcomes = at_once(*[lambda: staff.check_code(user, code)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "TOTPDevice"]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "１２３４５６", "\x00", "1" * 100_000, "😀" * 6])
def test_what_is_no_code_is_an_error_in_words_and_no_try(browser, moderator, typed):
    make_device(moderator)
    give_password(browser, moderator.username)
    buckets = Bucket.objects.count()

    answer = give_code(browser, typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert Bucket.objects.count() == buckets


def test_a_code_may_be_typed_with_spaces(browser, moderator):
    code = read_code(make_device(moderator))
    give_password(browser, moderator.username)

    give_code(browser, f" {code[:3]} {code[3:]} ")

    assert is_in(browser)


def test_after_ten_wrong_codes_the_right_one_must_wait_a_quarter_of_an_hour(browser, moderator, clock):
    device = make_device(moderator)
    give_password(browser, moderator.username)
    for _try in range(10):
        assert give_code(browser, wrong(read_code(device))).status_code == 200

    answer = give_code(browser, read_code(device))
    assert (answer.status_code, int(answer.headers["Retry-After"]) <= 900) == (429, True)
    assert "Try again in 15 minutes." in answer.text
    assert not is_in(browser)

    clock.shift(901)
    give_code(browser, read_code(device))
    assert is_in(browser)


def test_a_stranger_who_tries_codes_from_everywhere_does_not_shut_out_who_was_in_before(browser, moderator, clock):
    device = make_device(moderator)
    enter(browser, moderator)
    clock.shift(3600)
    answers = []
    for number in range(40):
        stranger, network = Client(), f"192.0.2.{number}"
        stranger.force_login(moderator)
        answers.append(give_code(stranger, wrong(read_code(device)), network=network).status_code)
    assert answers == [200] * 30 + [429] * 10

    again = Client()
    enter(again, moderator)

    assert is_in(again)


# Limits of the first step


def test_the_eleventh_password_is_refused_in_words_before_anything_is_hashed(browser, hasher, moderator):
    for name in (moderator.username, NOBODY):
        for _try in range(10):
            give_password(browser, name, "wrong")
        before = hasher.asked
        answer = give_password(browser, name)

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) <= 900
        assert answer.context["form"].non_field_errors() == ["Too many tries. Try again in 15 minutes."]
        assert f'value="{name}"' in answer.text
        assert hasher.asked == before
    assert "sessionid" not in browser.cookies


def test_a_name_that_nobody_has_costs_as_many_hashes_as_another(browser, hasher):
    User.objects.create_user("someone", password=PASSWORD, is_staff=True)
    costs = []
    for name in ("someone", NOBODY):
        before = hasher.asked
        give_password(browser, name, "wrong")
        costs.append(hasher.asked - before)

    assert costs == [1, 1]


def test_from_one_network_sixty_passwords_are_looked_at_whatever_the_names(browser, hasher):
    answers = [give_password(browser, f"name{number}", "wrong").status_code for number in range(62)]

    assert answers == [200] * 60 + [429] * 2
    assert hasher.asked == 60
    assert give_password(browser, "name1", "wrong", network="192.0.2.9").status_code == 200


def test_a_stranger_with_a_hundred_networks_does_not_shut_out_who_was_in_before(browser, moderator):
    enter(browser, moderator)
    answers = [
        give_password(Client(), moderator.username, "wrong", network=f"192.0.2.{number}").status_code
        for number in range(105)
    ]
    assert answers.count(429) == 6  # a hundred in an hour, of which the moderator's own was the first

    again = Client()
    enter(again, moderator)

    assert is_in(again)
    assert give_password(Client(), moderator.username, network="203.0.113.5").status_code == 429


def test_the_right_password_lifts_what_was_counted_for_the_name_from_there(browser, moderator):
    for _round in range(3):
        for _try in range(9):
            assert give_password(browser, moderator.username, "wrong").status_code == 200
        assert give_password(browser, moderator.username).status_code == 302


def test_no_table_holds_a_typed_name_or_a_network(browser):
    give_password(browser, "Sentinelname", "Sentinelword", network="203.0.113.77")

    assert Bucket.objects.count() == 3
    assert "entinel" not in str(read_tables())
    assert "203.0.113.77" not in str(read_tables())


@pytest.mark.django_db(transaction=True)
def test_of_many_passwords_at_once_no_more_are_looked_at_than_may(hasher):
    outcomes = at_once(*[lambda: give_password(Client(), NOBODY, "wrong").status_code] * 16)

    assert sorted(outcomes) == [200] * 10 + [429] * 6
    assert hasher.asked == 10


STRANGE = ["\x00", "a\x00b", "x" * 100_000, "😀" * 20, "\u202eabc", "' OR 1=1 --", "İ" * 150, " "]


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize("field", ["username", "password"])
def test_whatever_is_typed_is_answered_in_words(browser, field, typed):
    data = {"username": "someone", "password": "wrong", field: typed}

    answer = browser.post(LOGIN, data)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert len(answer.text) < 20_000
    assert "\x00" not in answer.text


def post_surrogates(client, address, **fields):
    """Posts half characters, which a form in UTF-7 can hold: +2AA- is one."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    body = "".join([*parts, "--x--\r\n"])
    return client.generic("POST", address, body, content_type="multipart/form-data; boundary=x; charset=utf-7")


def test_half_characters_are_refused(browser, moderator):
    half = "a+2AA-b"
    for fields in ({"username": half}, {"password": half}, {"next": half}):
        sent = {"username": "someone", "password": "wrong", **fields}
        assert post_surrogates(browser, LOGIN, **sent).status_code == 400
    give_password(browser, moderator.username)
    for address, fields in ((STEP, {"code": half}), (LANGUAGE, {"language": half}), (CHANGE, {"old_password": half})):
        assert post_surrogates(browser, address, **fields).status_code == 400


def test_who_guesses_the_password_in_an_open_session_is_stopped(browser, hasher, moderator):
    sign_in(browser, moderator)
    guess = {"old_password": "wrong", "new_password1": "Sample-4711-x", "new_password2": "Sample-4711-x"}

    answers = [browser.post(CHANGE, guess).status_code for _try in range(10)]
    asked = hasher.asked
    answer = browser.post(CHANGE, {**guess, "old_password": PASSWORD})

    assert (answers, answer.status_code, "Retry-After" in answer.headers) == ([200] * 10, 429, True)
    assert "Try again in" in answer.text
    assert hasher.asked == asked
    moderator.refresh_from_db()
    assert moderator.check_password(PASSWORD)


# Sessions


def test_a_session_ends_twelve_hours_after_the_password_whatever_is_done_in_it(browser, moderator, clock):
    enter(browser, moderator)
    assert 12 * 3600 - 60 < int(browser.cookies["sessionid"]["max-age"]) <= 12 * 3600
    began = timezone.now()

    clock.shift(11 * 3600)
    session = browser.session
    session["anything"] = "else"
    session.save()
    assert is_in(browser)
    assert Session.objects.get().expire_date <= began + timedelta(hours=12)
    clock.shift(3600)

    assert not is_in(browser)


def test_the_cookie_of_the_session_is_for_the_browser_alone(browser, moderator):
    enter(browser, moderator)

    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_leaving_ends_the_session_also_after_the_first_step(browser, moderator):
    give_password(browser, moderator.username)
    assert 'action="/admin/logout/"' in browser.get(STEP).text
    browser.post("/admin/logout/")
    assert browser.get(STEP).url.startswith(LOGIN)

    enter(browser, moderator)
    browser.post("/admin/logout/")
    assert not is_in(browser)
    assert not Session.objects.exists()


def test_who_signs_in_once_more_in_an_open_session_needs_a_code_once_more(browser, moderator):
    enter(browser, moderator)

    give_password(browser, moderator.username)

    assert not is_in(browser)


def test_a_new_password_ends_the_other_sessions_and_not_this_one(browser, moderator):
    other = Client()
    enter(browser, moderator)
    enter(other, moderator)
    new = "Sample-4711-x"

    answer = browser.post(CHANGE, {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True)

    assert "password was changed" in answer.text
    assert (is_in(browser), is_in(other)) == (True, False)


def test_no_page_of_the_desk_is_kept_by_any_cache(browser, chief):
    pages = {LOGIN, STEP, *desk_addresses()}
    half, full = Client(), sign_in(Client(), chief)
    half.force_login(chief)

    for client in (browser, half, full):
        for page in pages:
            assert "no-store" in client.get(page).headers["Cache-Control"], page
    posts = [(browser, LOGIN), (half, STEP), (full, LANGUAGE), (full, CHANGE), (full, "/admin/logout/")]
    for answer in (client.post(page, {"username": NOBODY, "password": "x"}) for client, page in posts):
        assert "no-store" in answer.headers["Cache-Control"]


# Where one tries the site out


def test_where_no_second_step_is_demanded_the_password_does(browser, moderator, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    assert give_password(browser, moderator.username).url == "/admin/"

    assert is_in(browser)


def test_who_has_a_second_step_needs_it_also_there(browser, moderator, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    app = set_up(browser, moderator)
    give_code(browser, code_of(app))
    assert is_in(browser)

    other = Client()
    give_password(other, moderator.username)

    assert not is_in(other)


def test_a_public_site_demands_the_second_step(settings):
    assert (settings.DEBUG, settings.SECOND_FACTOR_REQUIRED) == (False, True)


def test_whom_no_request_brought_is_not_let_in(moderator):
    make_device(moderator)

    assert not staff.is_let_in(moderator)


# A lost phone

USERS = "/admin/auth/user/"


def reset_at_the_desk(client, user):
    return client.post(USERS, {"action": "reset_second_factor", "_selected_action": [user.pk]}, follow=True)


def test_a_superuser_resets_a_second_step_and_every_session_of_that_person_ends(browser, moderator, chief):
    enter(browser, moderator)
    half, desk, other = Client(), sign_in(Client(), chief), sign_in(Client(), make_moderator("DE"))
    give_password(half, moderator.username)

    answer = reset_at_the_desk(desk, moderator)

    assert "The second step of 1 person is reset." in answer.text
    assert not TOTPDevice.objects.filter(user=moderator).exists()
    assert [is_in(client) for client in (browser, half, desk, other)] == [False, False, True, True]
    assert browser.get(STEP).url.startswith(LOGIN)
    enter(browser, moderator)
    assert is_in(browser)


def test_a_session_does_not_stay_verified_when_its_device_is_gone(browser, moderator):
    enter(browser, moderator)

    TOTPDevice.objects.all().delete()

    assert not is_in(browser)


def test_a_session_verified_by_the_device_of_another_is_not(browser, moderator, chief):
    sign_in(browser, moderator)
    session = browser.session
    session["otp_device_id"] = make_device(chief).persistent_id
    session.save()

    assert not is_in(browser)


def test_nobody_but_a_superuser_resets_and_nobody_sees_or_makes_the_secret_of_another(moderator, chief):
    device = make_device(chief)
    moderator.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["auth", "otp_totp"]))
    allowed, desk = sign_in(Client(), moderator), sign_in(Client(), chief)

    assert "reset_second_factor" not in allowed.get(USERS).text
    reset_at_the_desk(allowed, chief)
    assert TOTPDevice.objects.filter(pk=device.pk).exists()
    for client in (allowed, desk):
        for page in ("", "add/", f"{device.pk}/change/", f"{device.pk}/config/", f"{device.pk}/qrcode/"):
            assert client.get(f"/admin/otp_totp/totpdevice/{page}").status_code == 404
        for page in (USERS, f"{USERS}{chief.pk}/change/", f"{USERS}{chief.pk}/delete/", f"{USERS}{chief.pk}/history/"):
            assert device.key not in client.get(page).text


def test_the_list_of_users_tells_who_has_a_second_step(chief):
    desk = sign_in(Client(), chief)
    make_moderator("DE")
    with CaptureQueriesContext(connection) as one:
        assert "Nov. 22, 2026" in desk.get(USERS).text.partition("field-second_factor")[2][:100]
    for _number in range(5):
        make_device(make_moderator())

    with CaptureQueriesContext(connection) as many:
        desk.get(USERS)

    assert len(many) == len(one)


def test_the_command_resets_the_second_step_of_the_last_superuser(browser, chief):
    enter(browser, chief)
    said = StringIO()

    call_command("resetsecondfactor", "chief", stdout=said)

    assert "is forgotten" in said.getvalue()
    assert not is_in(browser)
    assert not TOTPDevice.objects.exists()
    with pytest.raises(CommandError, match="nobody called"):
        call_command("resetsecondfactor", NOBODY)


# The language of the desk


@pytest.mark.parametrize("code", ["az", "en", "ru", "tr"])
def test_the_desk_speaks_the_language_that_was_chosen(browser, code):
    page = browser.get(LOGIN, {"next": "/admin/events/"}, headers={"accept-language": "ru"})
    assert '<html lang="ru"' in page.text
    assert f'value="{code}" lang="{code}"' in page.text
    assert 'name="next" value="/admin/login/?next=%2Fadmin%2Fevents%2F"' in page.text

    answer = browser.post(LANGUAGE, {"language": code, "next": "/admin/login/?next=/admin/events/"})

    cookie = browser.cookies["desk_language"]
    assert (answer.url, cookie["path"], cookie["samesite"]) == ("/admin/login/?next=/admin/events/", "/admin/", "Lax")
    assert f'<html lang="{code}"' in browser.get(LOGIN, headers={"accept-language": "ru"}).text


def test_the_switch_of_languages_stands_on_every_page_of_the_desk(browser, chief):
    half, full = Client(), sign_in(Client(), chief)
    half.force_login(chief)

    for client, page in ((browser, LOGIN), (half, STEP), (full, "/admin/"), (full, USERS), (full, CHANGE)):
        text = client.get(page).text
        assert text.count('action="/admin/language/"') == 1, page
        assert '<button name="language" value="en" lang="en" aria-current="true">' in text
    assert 'action="/admin/language/"' in full.post("/admin/logout/").text


def test_no_language_but_those_of_the_site_is_kept_and_none_by_looking(browser):
    assert not browser.post(LANGUAGE, {"language": "de"}).cookies
    assert browser.get(LANGUAGE, {"language": "ru"}).status_code == 405
    assert browser.post(LANGUAGE, {"language": "ru", "next": "/admin/logout/"}).url == "/admin/"


@pytest.mark.parametrize("address", ["/", "/en/", "/en/events/", "/nothing/", "/robots.txt"])
def test_pages_for_visitors_know_nothing_of_the_language_of_the_desk(address):
    with_cookie, without = Client(), Client()
    with_cookie.cookies["desk_language"] = "ru"

    one, other = with_cookie.get(address), without.get(address)

    assert one.headers == other.headers
    assert one.content == other.content
    assert "Cookie" not in one.headers.get("Vary", "")


def test_what_was_counted_is_told_apart_from_what_is_remembered(clock):
    now = timezone.now()
    limits.count(limits.KNOWN_NETWORKS, "somebody", now=now)

    assert limits.is_counted(limits.KNOWN_NETWORKS, "somebody", now=now)
    assert not limits.is_counted(limits.KNOWN_NETWORKS, "somebody", now=now + limits.LONGEST)
    assert not limits.is_counted(limits.SIGN_INS, "somebody", now=now)
    limits.lift(limits.KNOWN_NETWORKS, "somebody")
    assert not limits.is_counted(limits.KNOWN_NETWORKS, "somebody", now=now)


def test_a_try_that_read_the_clock_before_the_first_one_that_was_counted_is_counted_with_it():
    now = timezone.now()
    for _try in range(10):
        limits.count(limits.SIGN_INS, "somebody", now=now)

    with pytest.raises(limits.TooMany):
        limits.count(limits.SIGN_INS, "somebody", now=now - timedelta(seconds=2))
