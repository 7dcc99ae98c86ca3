"""Reads the sources of the models: a layer names only itself and the layers before it (see docs, architecture)."""

import ast
import re

import pytest

from .sources import ADDON, LAYERS, MODEL_FILES, PYTHON_FILES, declared, layer_of, parse, relative

TABLE = re.compile(r"\bops_[a-z0-9_]+\b")


def strings(tree):
    """All literal strings of a module without its docstrings."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def imported_modules(tree, path):
    """Dotted names below `ops_handbook` that a module imports, relative imports resolved."""
    package = path.relative_to(ADDON).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name.removeprefix("odoo.addons.ops_handbook.")
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            else:
                base = (node.module or "").removeprefix("odoo.addons.ops_handbook").strip(".").split(".")
            for alias in node.names:
                yield node, ".".join([part for part in base if part] + [alias.name])


def upward_references(path, home):
    """Yield a sentence for everything above its own layer that a file names.

    `home` maps the names of our models to their layer.
    """
    tree, own = parse(path), LAYERS.index(layer_of(path))
    tables = {name.replace(".", "_"): name for name in home}
    above = {name for name, layer in home.items() if LAYERS.index(layer) > own}
    for node in strings(tree):
        named = {node.value} & above
        if " " in node.value:  # SQL
            named |= {tables[word] for word in TABLE.findall(node.value) if tables.get(word) in above}
        for name in sorted(named):
            yield f"{relative(path)}:{node.lineno} names {name} of the layer {home[name]}"
    for node, module in imported_modules(tree, path):
        parts = module.split(".")
        if parts[0] in ("wizard", "report", "controllers"):
            yield f"{relative(path)}:{node.lineno} imports {module}: models know no screens"
        if parts[0] == "models" and len(parts) > 1 and parts[1] in LAYERS and LAYERS.index(parts[1]) > own:
            yield f"{relative(path)}:{node.lineno} imports {module}"


def model_homes():
    """The layer in whose folder each of our models is declared by `_name`."""
    homes = {}
    for path in MODEL_FILES:
        for model in declared(parse(path)):
            if model.is_new and model.name.startswith("ops."):
                assert model.name not in homes, f"{model.name} is declared twice: {relative(path)}"
                homes[model.name] = layer_of(path)
    return homes


@pytest.mark.parametrize("path", MODEL_FILES, ids=relative)
def test_no_upward_reference(path):
    assert not list(upward_references(path, model_homes()))


def test_an_upward_reference_is_found(tmp_path, monkeypatch):
    """The test above can fail: a deadline file that names a plan in each of the ways."""
    monkeypatch.setattr("tests.static.test_layers.ADDON", tmp_path)
    monkeypatch.setattr("tests.static.sources.MODELS", tmp_path / "models")
    monkeypatch.setattr("tests.static.sources.CHECKOUT", tmp_path)
    path = tmp_path / "models" / "deadline" / "ops_obligation.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "from ..planning import ops_plan\n"
        "from odoo.addons.ops_handbook.models.planning.ops_plan import STATES\n"
        "class A(models.Model):\n"
        "    '''ops.plan may be spoken of.'''\n"
        "    plan_id = fields.Many2one('ops.plan')\n"
        "    def f(self):\n"
        "        self.env['ops.plan'].search([])\n"
        "        self.env.cr.execute('SELECT id FROM ops_plan')\n"
        "        return self.env['ops.form.mixin']\n"
    )
    found = list(upward_references(path, {"ops.plan": "planning", "ops.form.mixin": "mixins"}))
    assert sorted({int(line.split(":")[1].split()[0]) for line in found}) == [1, 2, 5, 7, 8]


def test_layers_are_loaded_in_order():
    names = re.findall(r"^from \. import (\w+)", (ADDON / "models" / "__init__.py").read_text(), re.M)
    assert names == [layer for layer in LAYERS if layer in names], (
        "models/__init__.py does not read as the architecture"
    )


@pytest.mark.parametrize("path", [p for p in PYTHON_FILES if p.parent == ADDON / "tools"], ids=relative)
def test_tools_are_pure_python(path):
    """tools/ knows no Odoo, so that it can be understood and doctested without a database."""
    for node in ast.walk(parse(path)):
        modules = (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else ([node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else [])
        )
        for module in modules:
            assert module.split(".")[0] != "odoo", f"{relative(path)}:{node.lineno} imports {module}"
