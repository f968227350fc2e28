"""What docs/architecture.md says of the code itself: who imports whom, sets a status, or starts from which events."""

import ast
from pathlib import Path

import pytest

EVENTS = Path(__file__).resolve().parent.parent / "events"
RANKS = {
    **dict.fromkeys(["geo", "text", "markdown", "images", "redraw", "day", "checks"], 0),
    "models": 1,
    **dict.fromkeys(["outbox", "mail", "access", "limits", "moves", "doubles"], 2),
    **dict.fromkeys(["lights", "night", "relay", "nearby", "pieces"], 2),
    **dict.fromkeys(["queue", "reports", "trust", "staff", "tables", "inspection"], 2),
    **dict.fromkeys(["moderation", "amendments", "merging", "erasure", "digest"], 3),
    "forms": 4,
    **dict.fromkeys(["feeds", "views", "admin", "templatetags", "samples", "management"], 5),
    "urls": 6,
}
NEVER = [("feeds", "views"), ("views", "feeds")]
WITHOUT_RANK = {"apps", "migrations"}
SET_BY_MODERATION = {"status", "condition"}
WRITES = ("create", "get_or_create", "update", "update_or_create", "bulk_create", "bulk_update")
WRITERS = {"Event", "setattr", "__setattr__", *WRITES, *(f"a{name}" for name in WRITES)}
OTHER_TABLES = {"Email", "Link", "Log", "Step"}  # that have a status of their own
# From what each part may start when it asks for events: what is public, and the desk. `none` finds nothing.
BEGINNINGS = {
    "views": {"published", "for_moderator", "withdrawn_after_publishing", "of_organiser"},
    "lights": {"published"},
    "nearby": {"published"},
    "relay": {"published"},
    "pieces": {"published"},
    "doubles": {"published"},
    "feeds": {"published", "withdrawn_after_publishing", "of_organiser"},
    "forms/search": {"published", "none"},
    "admin": {"for_moderator"},
    "digest": {"for_moderator"},
    "queue": {"for_moderator"},
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
FILES = sorted(file for file in EVENTS.rglob("*.py") if file.parent.name not in {"migrations", "data"})


def part_of(file):
    """The part of the application a file belongs to: the first name under events/."""
    return file.relative_to(EVENTS).parts[0].removesuffix(".py")


def imported_parts(tree, *, package):
    """The parts that a module imports, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [".".join(["events", *package[: len(package) - node.level + 1], node.module or ""])]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("events."))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(EVENTS)))
def test_modules_import_downward_only(file):
    part = part_of(file)
    if part in {"__init__", *WITHOUT_RANK}:
        return
    tree = ast.parse(file.read_text())

    for other in imported_parts(tree, package=file.relative_to(EVENTS).parts[:-1]):
        assert RANKS[other] <= RANKS[part], f"{part} imports {other}"
        assert (part, other) not in NEVER


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(EVENTS)))
def test_no_function_imports_anything(file):
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]

    assert not [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_every_part_has_its_rank():
    parts = {part_of(file) for file in FILES} - {"__init__"} - WITHOUT_RANK

    assert parts <= RANKS.keys()


# Who sets a status


def name_of(function):
    """The last name of what is called: `update` of `rows.filter(…).update`."""
    return getattr(function, "attr", getattr(function, "id", ""))


def first_name_of(expression):
    """The name that a chain of attributes and calls begins with: `Event` of `Event.objects.filter(…).update`."""
    while not isinstance(expression, ast.Name):
        expression = getattr(expression, "value", getattr(expression, "func", None))
        if expression is None:
            return ""
    return expression.id


def names_given_to(call):
    """The keywords of a call, and all texts in its arguments: `**{"status": …}` and `["status"]` too."""
    arguments = [*call.args, *(word.value for word in call.keywords)]
    texts = {node.value for part in arguments for node in ast.walk(part) if isinstance(node, ast.Constant)}
    return texts | {word.arg for word in call.keywords}


def settings_of_status(code):
    """The lines that set the status or condition of what may be an event, by whatever kind of assignment or call."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            is_setting = node.attr in SET_BY_MODERATION
        elif isinstance(node, ast.Call) and name_of(node.func) in WRITERS:
            is_setting = first_name_of(node.func) not in OTHER_TABLES and names_given_to(node) & SET_BY_MODERATION
        else:
            continue
        if is_setting:
            yield node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(EVENTS)))
def test_nothing_but_moderation_sets_a_status(file):
    lines = [*settings_of_status(file.read_text())]

    assert bool(lines) == (file == EVENTS / "moderation.py"), lines


@pytest.mark.parametrize(
    "code",
    [
        "event.status = new",
        "event.status, other = new",
        "event.status: Status = new",
        "event.status += new",
        "for event.status in all: pass",
        "del event.status",
        "copy.event.condition = new",
        "Event(title='A', status=new)",
        "models.Event(condition=new)",
        "Event(**{'status': new})",
        "setattr(event, 'status', new)",
        "object.__setattr__(event, 'status', new)",
        "Event.objects.create(status=new)",
        "rows.filter(pk=1).update(condition=new)",
        "Event.objects.update_or_create(pk=1, defaults={'status': new})",
        "Event.objects.bulk_update(events, ['status'])",
        "await rows.aupdate(status=new)",
    ],
)
def test_every_way_to_set_a_status_is_noticed(code):
    assert [*settings_of_status(code)] == [1]


@pytest.mark.parametrize(
    "code",
    [
        "class Event:\n    status = models.CharField()\n    condition: str = ''",
        "rows.filter(status=old)",
        "rows.filter(status=old).update(title=new)",
        "if event.status == old: pass",
        "moderation.add_all(events, status=new)",
        "render(request, '404.html', status=404)",
        "Email.objects.create(status=queued)",
        "Step(status=new)",
    ],
)
def test_what_sets_no_status_of_an_event_is_let_through(code):
    assert not [*settings_of_status(code)]


# From which events a part starts


def beginnings_in(code):
    """What is called on the managers of events; a manager or the model handed on has no name: it is all events."""
    tree = ast.parse(code)
    named = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and name_of(node.value) == "Event":
            yield named.get(id(node), node.attr)
        elif isinstance(node, ast.Call) and name_of(node.func) != "register":  # of the desk's pages
            yield from (f"{name_of(node.func)}(Event)" for given in node.args if name_of(given) == "Event")


@pytest.mark.parametrize("part", BEGINNINGS)
def test_visitors_and_moderators_see_nothing_but_what_starts_from_what_they_may_see(part):
    files = [file for file in FILES if file.is_relative_to(EVENTS / part) or file == EVENTS / f"{part}.py"]
    beginnings = {name for file in files for name in beginnings_in(file.read_text())}

    assert beginnings
    assert beginnings <= BEGINNINGS[part]


@pytest.mark.parametrize(
    ("code", "beginning"),
    [
        ("Event.objects.published().filter(pk=1)", "published"),
        ("Event.objects.all()", "all"),
        ("models.Event.objects.filter(pk=1)", "filter"),
        ("events = Event.objects", "objects"),
        ("Event._default_manager.get(pk=1)", "get"),
        ("get_object_or_404(Event, pk=1)", "get_object_or_404(Event)"),
    ],
)
def test_every_beginning_is_noticed(code, beginning):
    assert [*beginnings_in(code)] == [beginning]
