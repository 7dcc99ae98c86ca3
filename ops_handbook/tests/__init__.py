from . import test_ops_substitution
from . import test_res_users
from . import test_ops_standard
from . import test_ops_obligation
from . import test_ops_calendar_day
from . import test_ops_holiday_wizard
from . import test_rights_matrix
