from .value import Value, zero_grad
from .modes import *
from .table import *
