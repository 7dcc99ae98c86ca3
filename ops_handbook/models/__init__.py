# The order is the architecture: each layer knows only itself and those above it in this list.
from . import mixins
from . import deadline
from . import handbook
from . import meeting
from . import planning
from . import execution
from . import collaboration
from . import improvement
from . import inherited
