"""The site with the addresses of tests/test_logs.py, for a web server in a process of its own."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.test_logs"
application = get_wsgi_application()
