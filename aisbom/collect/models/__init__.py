"""Model cards, configurations, tokenizers, weights, training logs and data sets."""
