"""Rules and classifiers: observations to Hit, Clear or Gap."""
