from . import ops_door
from . import ops_door_log
from . import ops_problem_report
from . import ops_problem_follow
from . import ops_meeting_minutes
from . import ops_plan_workbook
from . import ops_month_plan_workbook
from . import ops_standard
