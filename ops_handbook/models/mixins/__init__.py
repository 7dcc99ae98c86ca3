from . import ops_form_transition
from . import ops_form_number
from . import ops_transition_mixin
from . import ops_transition_lock
from . import ops_form_mixin
from . import ops_form_line_mixin
from . import ops_action_item_mixin
