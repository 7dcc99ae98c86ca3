from . import ops_reason_wizard
from . import ops_holiday_wizard
