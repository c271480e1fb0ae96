"""Running VC-RewardBench: asking a critic about every pair, matching, figures, resuming."""
