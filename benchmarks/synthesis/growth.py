"""Pool one large set in a process of its own. Arguments: the number of studies, output (JSON)."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from draws import one_set

from synthesis import pool

sys.path.append(str(Path(__file__).parents[1]))
from machine import memory, peak

k = int(sys.argv[1])
pool(*one_set(15, 1))
yi, vi = one_set(k, 1)
before = memory()
begun = time.process_time()
tau2 = pool(yi, vi).tau2
spent = time.process_time() - begun
found = {"k": k, "seconds": spent, "memory": max(0.0, peak() - before), "finite": bool(np.isfinite(tau2))}
Path(sys.argv[2]).write_text(json.dumps(found))
