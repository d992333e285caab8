"""
Reader comments in any HTML page, as items: who, what, when, in reply to whom.

One pass writes down what each element is called and holds (`outline`); lists of elements that may be comments
(`candidates`) are weighed by one rule (`items`) and the best is read (`fields`, `names`, `dates`, `tree`). What a page
states as data comes from `structured` and `islands`.
"""
