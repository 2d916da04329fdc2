"""Statistical judgement of text: windows, hashed n-grams, a small encoder, calibrated probabilities."""
