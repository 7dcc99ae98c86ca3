"""What the static tests read: the files of the addon and the models that they declare."""

import ast
import functools
import subprocess
from collections import namedtuple
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ADDON = CHECKOUT / "ops_handbook"
MODELS = ADDON / "models"
LAYERS = [
    "mixins",
    "deadline",
    "handbook",
    "meeting",
    "planning",
    "execution",
    "collaboration",
    "improvement",
    "inherited",
]

PYTHON_FILES = sorted(p for p in ADDON.rglob("*.py") if "static" not in p.parts)
MODEL_FILES = [p for p in PYTHON_FILES if MODELS in p.parents and p.name != "__init__.py"]

Model = namedtuple("Model", "name is_new lineno")


def relative(path):
    return str(path.relative_to(CHECKOUT))


def layer_of(path):
    return path.relative_to(MODELS).parts[0]


@functools.cache
def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def declared(tree):
    """The models of a module: `_name` that is not also inherited is new, otherwise an extension."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        values = {
            target.id: ast.literal_eval(item.value)
            for item in node.body
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name) and target.id in ("_name", "_inherit") and _is_literal(item.value)
        }
        inherited = values.get("_inherit", [])
        inherited = [inherited] if isinstance(inherited, str) else list(inherited)
        name = values.get("_name") or (inherited[0] if inherited else None)
        if name:
            yield Model(name, name not in inherited, node.lineno)


def _is_literal(node):
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def tracked_files():
    """Files that git knows or would add, as paths."""
    output = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [CHECKOUT / name for name in output.split("\0") if name and (CHECKOUT / name).is_file()]
