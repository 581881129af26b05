"""Topics through the calendar: what training, report and command line show of time.

Functions take articles, arrays and dates (``data.ThemeData``) and return typed results, unrounded.
They may import topics and what lies below; they read and write no file of a run.
"""
