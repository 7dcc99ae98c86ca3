"""What the routes of the pages without a login share; see ``ops.door``."""

from ..models.mixins.ops_door import MAX_POST

DOOR = {
    "type": "http", "auth": "none", "csrf": False, "save_session": False, "ops_door": True, "max_content_length": MAX_POST,
}
