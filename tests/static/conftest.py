"""Makes the pure tools importable as `ops_handbook_tools`: `import ops_handbook` would load the models, and Odoo."""

import importlib.util
import sys

from .sources import ADDON

if "ops_handbook_tools" not in sys.modules:
    _spec = importlib.util.spec_from_file_location(
        "ops_handbook_tools", ADDON / "tools" / "__init__.py", submodule_search_locations=[str(ADDON / "tools")]
    )
    _package = sys.modules["ops_handbook_tools"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_package)
