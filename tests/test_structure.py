"""Who may import whom: only downward, as docs/architecture.md says."""

import ast
from pathlib import Path

import pytest

EVENTS = Path(__file__).resolve().parent.parent / "events"
RANKS = {
    **dict.fromkeys(["geo", "text", "markdown", "images", "day"], 0),
    "models": 1,
    **dict.fromkeys(["mail", "access", "lights"], 2),
    "moderation": 3,
    "forms": 4,
    **dict.fromkeys(["feeds", "views", "admin", "templatetags", "samples", "management"], 5),
    "urls": 6,
}
NEVER = [("feeds", "views"), ("views", "feeds")]
WITHOUT_RANK = {"apps", "migrations"}
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


def test_nothing_but_moderation_sets_a_status():
    for file in FILES:
        if file.name == "moderation.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            attributes = [target.attr for target in targets if isinstance(target, ast.Attribute)]
            assert not {"status", "condition"} & set(attributes), f"{file.name}:{node.lineno}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"update", "create", "bulk_update"}:
                owner = ast.unparse(node.func)
                is_event = "Email" not in owner and "Link" not in owner
                assert not (is_event and {"status", "condition"} & {word.arg for word in node.keywords}), owner
