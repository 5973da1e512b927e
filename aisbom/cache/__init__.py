"""What is kept between runs: rows of files, digests of weights, whole documents."""
