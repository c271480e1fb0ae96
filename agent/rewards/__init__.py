"""The reward for reinforcement learning: an answer's text and a reference in, a score out."""
