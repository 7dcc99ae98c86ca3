from . import ops_meeting_type
from . import ops_meeting_series
from . import ops_meeting
from . import ops_meeting_agenda
from . import ops_meeting_attendee
from . import ops_meeting_action
