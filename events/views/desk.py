"""Django's admin as the moderation desk: who gets in by which door. What is behind them is in `events.admin`.

Not a module of that package, which cannot be imported before the site is there that it registers its pages with.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from events import limits, queue, staff, text
from events.forms.staff import PasswordForm, SignInForm
from events.views.sending import mark_refused
from events.views.staff import choose_language, find_onward, make_way, second_factor

REFUSALS = {
    403: (_("Not allowed"), _("This is for others. Ask whoever runs this site if it should be yours.")),
    404: (_("Not found"), _("It is not there (any more), or not in your countries.")),
}
MOST_COUNTRIES = 12  # on the first page; those with fewer events that wait are folded away
View = TypeVar("View", bound=Callable[..., Any])
ResponseType = TypeVar("ResponseType", bound=HttpResponseBase)


class Desk(AdminSite):
    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        return staff.is_let_in(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """No page of the desk is kept, not even those that Django would let browsers keep; none is a dead end."""
        return super().admin_view(self._with_ways_on(view))

    def _with_ways_on(self, view: View) -> View:
        """What is refused or not found is said on a page of the desk."""

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return cast(HttpResponseBase, view(request, *args, **kwargs))
            except PermissionDenied:
                return self._refuse(request, 403)
            except Http404:
                return self._refuse(request, 404)

        return cast(View, answer)

    def _refuse(self, request: HttpRequest, status: int) -> HttpResponse:
        title, advice = REFUSALS[status]
        context = {**self.each_context(request), "title": title, "advice": advice}
        return render(request, "admin/refusal.html", context, status=status)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        doors: list[URLPattern | URLResolver] = [
            path("second-factor/", second_factor, name="second_factor"),
            path("language/", choose_language, name="language"),
            path("logout/", self.logout, name="logout"),  # also for whoever passed the first step alone
        ]
        return doors + super().get_urls()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page needs: not Django's list of all there is, for a bar at the side that this site has not and as
        costly as a page; but whose events the user decides, and how many of them wait, asked for where it is shown."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": self.site_url,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "post": SimpleLazyObject(lambda: queue.find_post(cast(User, request.user))),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**count_waiting(request), **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The first page once more, with one part of what there is."""
        return super().app_index(request, app_label, {**count_waiting(request), **(extra_context or {})})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if text.has_unshowable(request.POST.get("next", "")):
            raise SuspiciousOperation("an address that nobody can have typed")
        is_half_way = staff.is_known(request.user) and not staff.is_let_in(request.user)
        if request.method != "POST" and is_half_way:
            return HttpResponseRedirect(make_way(reverse("admin:second_factor"), onward=find_onward(request)))
        response = super().login(request, extra_context)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            return self._lead_on(request, onward=response.url)
        return mark_form(response)

    def _lead_on(self, request: HttpRequest, *, onward: str) -> HttpResponse:
        """After the right password."""
        staff.begin_session(request, network=limits.find_network(request), now=timezone.now())
        if not staff.is_let_in(request.user):
            onward = make_way(reverse("admin:second_factor"), onward=onward)
        return HttpResponseRedirect(onward)

    def password_change(  # type: ignore[override]  # Django answers a redirect too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        view = PasswordChangeView.as_view(
            form_class=PasswordForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return mark_form(view(request))


def count_waiting(request: HttpRequest) -> dict[str, Any]:
    user = cast(User, request.user)
    by_country = queue.count_by_country(user, now=timezone.now())
    first, others = by_country[:MOST_COUNTRIES], by_country[MOST_COUNTRIES:]
    total = queue.add_up(by_country)
    post = queue.find_post(user, number=total.total)
    return {"by_country": first, "other_countries": others, "total": total, "post": post}


def mark_form(response: ResponseType) -> ResponseType:
    """The page with a form that met a limit says so to programs too."""
    if isinstance(response, TemplateResponse):
        form = (response.context_data or {}).get("form")
        if refusal := getattr(form, "refusal", None):
            mark_refused(response, refusal)
    return response
