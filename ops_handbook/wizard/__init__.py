from . import ops_reason_wizard
