from . import ops_handbook
from . import ops_article
from . import ops_article_version
from . import ops_article_rule
from . import ops_article_reading
from . import ops_article_proposal
from . import ops_search_entry
from . import ops_standard
