# -*- coding: utf-8 -*-
__version__: str = "1.0.0rc1"
if __version__: pass
