"""A docstring.
__version__ = "9"
"""
from x import y
__version__ = '0.2.0'  # here
__all__ = ("__version__",)
