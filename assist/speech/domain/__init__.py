"""Words of the trade: the lexicon, and corrections of what the recogniser made of them."""
