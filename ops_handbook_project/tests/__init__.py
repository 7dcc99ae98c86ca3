from . import test_ops_task_project
from . import test_ops_my_task
