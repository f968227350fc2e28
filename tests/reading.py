"""What a person reads on a page, and where its links lead."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from django.test import Client


def page_of(event, language="en"):
    return Client().get(f"/{language}/events/{event.pk}/{event.slug}/").text


def text_of(html):
    """What a person reads, on one line."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def links_of(page):
    """All links of a page by what they say."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {text_of(name): unescape(address) for address, name in found}


def query_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def cities_on_map(page, kind="city"):
    """The cities that are lights (or, as `kind`, embers) of a map."""
    return re.findall(rf'data-{kind}="([^"]*)"', page)


def head_links_of(page, rel):
    """The addresses that the page's head names, by language where it says one."""
    tags = re.findall(rf'<link rel="{rel}"[^>]*>', page)
    return {(re.findall(r'hreflang="([^"]*)"', tag) or [""])[0]: re.search(r'href="([^"]*)"', tag)[1] for tag in tags}


def meta_of(page, name):
    return [unescape(value) for value in re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)]
