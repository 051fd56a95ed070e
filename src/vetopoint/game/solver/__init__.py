"""Agent logit equilibrium of a game over a batch of draws: programs recorded once, run over blocks, branches traced."""
