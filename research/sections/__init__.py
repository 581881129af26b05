"""Articles → sections: features, the classifier, labelling rules, and studies of a model.

May touch: text, config and below. Knows nothing of topics or runs.
"""
