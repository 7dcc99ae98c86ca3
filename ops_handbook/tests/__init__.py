from . import test_res_users
