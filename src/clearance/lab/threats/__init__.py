"""Where classifiers come from: the constitution as data, generated rows, training, calibration and the benchmark."""
