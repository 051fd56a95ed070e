"""Agent logit equilibrium of a game over a batch of draws: programs recorded once, run over blocks, branches traced.

To be read in this order: `plans` (what must be guessed, and in which order the rest follows), `program` (a language of rows),
`recorder` (a game as programs), `interpreter` (how they are run), `homotopy` (how the branch is followed), `batch` (arrays in and
out), `engine` (all of it over blocks of draws), `respond` (exact best responses), `solve` (the door), `branch` (one branch, watched).
"""
