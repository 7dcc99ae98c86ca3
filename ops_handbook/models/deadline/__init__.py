from . import ops_substitution
