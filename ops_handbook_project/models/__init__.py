from . import ops_task
from . import project_task
from . import ops_my_task
