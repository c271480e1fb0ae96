"""VC-RewardBench (arXiv 2603.13224): how well a critic finds known errors in pairs of pictures."""
