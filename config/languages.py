"""The language of a page stands in its address; that of the desk, which has one address, in a cookie of the desk."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware


class LanguageOfPage(LocaleMiddleware):
    """Django's own reads the cookie for every address without a language, also for those that caches keep for all."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(settings.LANGUAGE_COOKIE_PATH):
            request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        super().process_request(request)
