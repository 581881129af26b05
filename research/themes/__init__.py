"""Topics through the calendar: shares, movement, wording, lineage, stories, mentions, map, names.

May touch: topics and below. Knows nothing of run folders.
"""
