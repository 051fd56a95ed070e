"""From a case's moves to its game: public histories, types, information sets, chance; variants of a game; checks on histories."""
