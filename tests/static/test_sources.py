"""Order of the sources: names of files, sizes, translations, nothing that belongs to a machine."""

import ast

import pytest

from .sources import ADDON, LAYERS, MODEL_FILES, MODELS, PYTHON_FILES, declared, parse, relative, tracked_files

# 250 and 25 lines are the aim (see the architecture); these are the fences.
MODEL_LINES = 400
FUNCTION_LINES = 60


@pytest.mark.parametrize("path", MODEL_FILES, ids=relative)
def test_one_file_per_model(path):
    """models/<layer>/ops_x_y.py declares `ops.x.y` and no other model.

    A file that goes on with models (`_inherit`) bears the name of one of them, and may say with what:
    ops_x_y_<topic>.py (ops_x_<topic>.py for `ops.x.mixin`).
    """
    assert path.parent.parent == MODELS and path.parent.name in LAYERS, "models live in a folder of their layer"
    models = list(declared(parse(path)))
    stems = {model: model.name.replace(".", "_") for model in models}
    new = [model for model in models if model.is_new]
    if new:
        assert len(new) == 1 and path.stem == stems[new[0]], new
    elif models:
        assert any(path.stem == stem or path.stem.startswith(stem.removesuffix("_mixin") + "_") for stem in stems.values()), models


@pytest.mark.parametrize("path", MODEL_FILES, ids=relative)
def test_model_files_stay_small(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODEL_LINES, f"{lines} lines: move what is not the model's story to a place of its own"


@pytest.mark.parametrize("path", [p for p in PYTHON_FILES if "tests" not in p.parts], ids=relative)
def test_functions_stay_small(path):
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{relative(path)}:{node.lineno} {node.name} has {length} lines"


def is_translation(call):
    function = call.func
    return (isinstance(function, ast.Name) and function.id in ("_", "_lt")) or (
        isinstance(function, ast.Attribute) and function.attr in ("_", "_lt")
    )


@pytest.mark.parametrize("path", PYTHON_FILES, ids=relative)
def test_translations_are_literal(path):
    """`_("… %(a)s", a=…)`: an f-string or a string that is put together is never found in the .po file."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and is_translation(node) and node.args:
            first = node.args[0]
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            assert literal, f"{relative(path)}:{node.lineno} translates something that is not a literal string"


# Put together here, so that this file does not break its own rule.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("deb", "debian", "org"),
        ("ftp", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("security", "debian", "org"),
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("nightly", "odoo", "com"),
        ("ghcr", "io"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
    ]
]


def test_no_registry_host_is_written_down():
    """Mirrors belong to the machine's own configuration."""
    found = []
    for path in tracked_files():
        text = path.read_bytes()
        if b"\0" in text[:8000]:
            continue
        found += [f"{relative(path)}: {host}" for host in REGISTRY_HOSTS if host.encode() in text]
    assert not found


def test_every_python_file_is_imported():
    """A file that the __init__ beside it does not import is dead, or its tests never run."""
    forgotten = []
    for path in PYTHON_FILES:
        package = path.parent / "__init__.py"
        helper = "tests" in path.parts and not path.name.startswith("test_")
        if path.name.startswith("__") or helper or "migrations" in path.parts or not package.exists():
            continue
        imported = {
            alias.name for node in ast.walk(parse(package)) if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        imported |= {
            node.module for node in ast.walk(parse(package)) if isinstance(node, ast.ImportFrom) and node.module
        }
        if path.stem not in imported and path.parent != ADDON / "tools":
            forgotten.append(relative(path))
    assert not forgotten
