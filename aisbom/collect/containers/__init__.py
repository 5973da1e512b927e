"""Container images: what they are built on and what is installed into them."""
