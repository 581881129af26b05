"""Articles → sections: feature builders, the classifier, labelling rules, and what a model's errors say.

May touch: text, config and below. Knows nothing of topics or runs.
"""
