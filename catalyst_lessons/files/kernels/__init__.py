"""Running notebooks: working copies, kernels, the run cache."""
