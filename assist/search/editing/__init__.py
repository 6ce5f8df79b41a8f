"""Tools for the people who write the corpus: what is wrong with it, and changes to it.

Nothing here runs while a call does, and nothing here makes a row live unless an editor named it.
"""
