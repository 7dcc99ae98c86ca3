"""On a phone people read cards: every action that lists records of a model with cards of ours offers them there.

The web client shows the cards on a small screen only when the action names them among its views and says that they are
for small screens: an action of the database does by default (`mobile_view_mode`), one put together in Python says it itself.
"""

import ast
import functools
import xml.etree.ElementTree as ElementTree

from .sources import declared, parse, relative, tracked_files

ADDONS = ("ops_handbook", "ops_handbook_project", "ops_handbook_survey")
KINDS = {"list", "kanban", "form", "calendar", "pivot", "graph", "activity"}
SMALL = "mobile_view_mode"

# (file, function) or the XML id of an action → why it goes without cards, or does not open them on a phone
EXCEPTIONS = {}


@functools.cache
def sources(suffix):
    return [
        path for path in tracked_files()
        if path.suffix == suffix and relative(path).split("/")[0] in ADDONS and not {"tests", "static"} & set(path.parts)
    ]


def records(path, model):
    """The records of a model in a data file."""
    return [item for item in ElementTree.parse(path).iter("record") if item.get("model") == model]


def text(record, name):
    """What a record says of a field; '' when nothing."""
    return (record.findtext(f"field[@name='{name}']") or "").strip()


@functools.cache
def carded():
    """The models that have a kanban view of ours."""
    return {
        text(view, "model") for path in sources(".xml") for view in records(path, "ir.ui.view")
        if view.find("field[@name='arch']/kanban") is not None
    }


# -- actions of the database ------------------------------------------------------------------------------------------------


def plain_windows():
    """Window actions that list records of a model with cards, and do not name them."""
    found = []
    for path in sources(".xml"):
        for action in records(path, "ir.actions.act_window"):
            kinds = text(action, "view_mode").split(",")
            if text(action, "res_model") in carded() and "list" in kinds and "kanban" not in kinds:
                found.append((relative(path), action.get("id")))
    return found


# -- actions put together in Python -------------------------------------------------------------------------------------------


def kinds_of(node):
    """The views that an expression names, with all its alternatives; None when it says none by name."""
    found = {item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and item.value in KINDS}
    return found or None


def model_of(node, path):
    """The model that an expression names; None when that is known only at run time."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute) and node.attr == "_name" and getattr(node.value, "id", "") == "self":
        return next((model.name for model in declared(parse(path))), None)
    return None


def functions(path):
    return [node for node in ast.walk(parse(path)) if isinstance(node, ast.FunctionDef)]


def entries(node):
    """The entries of a dict by name; what is spread into it is under None."""
    return {key.value if isinstance(key, ast.Constant) else None: value for key, value in zip(node.keys, node.values, strict=True)}


def actions(path):
    """The dicts with views in a module: their function, entries and the views by name."""
    for function in functions(path):
        for node in ast.walk(function):
            if isinstance(node, ast.Dict) and "views" in (said := entries(node)):
                yield function.name, said, kinds_of(said["views"])


def handed_kinds(path):
    """Tuples of views that are handed to a function, or that it has by default: function, model (None: any), views."""
    for function in functions(path):
        for default in [*function.args.defaults, *filter(None, function.args.kw_defaults)]:
            if isinstance(default, ast.Tuple) and (kinds := kinds_of(default)):
                yield function.name, None, kinds
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            models = [item.value for item in values if isinstance(item, ast.Constant) and item.value in carded()]
            for item in values:
                if models and isinstance(item, ast.Tuple) and (kinds := kinds_of(item)):
                    yield function.name, models[0], kinds


def is_plain(model, kinds):
    """Whether these views list records without their cards; a model known at run time only is taken to have some."""
    return "list" in kinds and "kanban" not in kinds and (model is None or model in carded())


def plain_dicts():
    """Actions in Python that list records of a model with cards, and do not name them."""
    found = []
    for path in sources(".py"):
        for function, said, kinds in actions(path):
            model = model_of(said["res_model"], path) if "res_model" in said else None
            if kinds and "res_model" in said and is_plain(model, kinds):
                found.append((relative(path), function))
        found += [(relative(path), function) for function, model, kinds in handed_kinds(path) if is_plain(model, kinds)]
    return found


def silent_dicts():
    """Actions in Python with cards that do not say that a phone shows them.

    What is spread into a dict (an action of the database, another action) says it there.
    """
    return [
        (relative(path), function)
        for path in sources(".py")
        for function, said, kinds in actions(path)
        if None not in said and (kinds is None or "kanban" in kinds) and SMALL not in said
    ]


def test_there_is_something_to_look_at():
    """The tests below would pass with nothing found: they know cards and actions of either kind."""
    assert {"ops.obligation", "ops.task", "ops.plan"} <= carded()
    assert sum(len(list(actions(path))) for path in sources(".py")) > 30
    assert sum(len(list(handed_kinds(path))) for path in sources(".py")) >= 4


def test_windows_offer_the_cards():
    assert [found for found in plain_windows() if found[1] not in EXCEPTIONS] == []


def test_actions_in_python_offer_the_cards():
    assert [found for found in plain_dicts() if found not in EXCEPTIONS] == []


def test_actions_in_python_open_the_cards_on_a_phone():
    """Without `mobile_view_mode` the web client opens the first view, the table, although there are cards."""
    assert [found for found in silent_dicts() if found not in EXCEPTIONS] == []


def test_exceptions_exist():
    """What is excepted is still there, under that name."""
    known = {(relative(path), function.name) for path in sources(".py") for function in functions(path)}
    known |= {action.get("id") for path in sources(".xml") for action in records(path, "ir.actions.act_window")}
    assert set(EXCEPTIONS) <= known
