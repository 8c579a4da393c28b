"""Run in the peers' environment: PyMARE's REML of each set, by one two-dimensional call (npz, output)."""

import json
import sys
from pathlib import Path

import numpy as np
import pymare
from pymare.estimators import VarianceBasedLikelihoodEstimator

with np.load(sys.argv[1]) as sets:
    yi, vi = sets["yi"].T, sets["vi"].T
fit = VarianceBasedLikelihoodEstimator(method="REML").fit(yi, vi, np.ones((len(yi), 1)))
tau2 = [float(each) if np.isfinite(each) else None for each in fit.params_["tau2"].ravel()]
Path(sys.argv[2]).write_text(json.dumps({"version": pymare.__version__, "tau2": tau2}))
