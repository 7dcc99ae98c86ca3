from . import res_company
from . import hr_employee
from . import res_users
from . import hr_department
from . import res_config_settings
from . import ops_demo
from . import ops_demo_problem
