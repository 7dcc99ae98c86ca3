from . import test_ops_substitution
from . import test_res_users
