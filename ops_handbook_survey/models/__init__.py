from . import ops_article
from . import ops_article_version
from . import ops_article_reading
