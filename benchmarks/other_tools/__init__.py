"""Charts drawn by other tools than matplotlib, with the numbers behind them, and how well they are read."""
