"""What is said to a model, and the OpenAI-compatible wire it goes over."""
