from . import hr_employee
from . import res_users
from . import hr_department
