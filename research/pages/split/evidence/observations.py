"""The identifiers of all observations, in the order of the learned weights.

An identifier is stable: ``weights.npz`` and articles' reasons hold it. ``reasons.en.toml`` and
``reasons.zh.toml`` beside this folder hold its sentences.
"""

from __future__ import annotations

from research.pages.split.shared_words import OF_HEADING, OF_TEXT

# One of these per block, by its number of characters.
LENGTHS = (
    "characters_up_to_4",
    "characters_5_to_7",
    "characters_8_to_12",
    "characters_13_to_18",
    "characters_19_to_26",
    "characters_27_to_36",
    "characters_37_to_60",
    "characters_over_60",
)
OBSERVED = (
    "always",
    # of the block itself
    "news_lead",
    "continued_from_page",
    "byline_line",
    "credit_line",
    "ends_sentence",
    "one_line",
    "four_lines_or_more",
    *LENGTHS,
    "may_be_heading",
    "full_stop_inside",
    "commas",
    "enumeration_marks",
    "ends_with_comma_or_colon",
    "unpaired_marks",
    "two_parts",
    "ends_with_exclamation_or_question",
    "function_words",
    "event_verb",
    "starts_with_bullet",
    "starts_with_number",
    "starts_with_date",
    "time_in_first_words",
    "picture_words",
    "credit_inside",
    "credit_soon",
    "credit_soon_after_short_text",
    "announces_column",
    "announces_column_soon",
    "notice_headline",
    "editors_note",
    "usual_column_name",
    "ends_like_item",
    # of what is before it
    "first_on_page",
    "previous_ends_sentence",
    "previous_unfinished",
    "after_byline_line",
    "after_credit_line",
    "after_item_end",
    "after_possible_heading",
    "previous_ends_short",
    "previous_ends_full",
    # of its typesetting
    "after_blank_line",
    "no_blank_line_before",
    "indented",
    "not_indented",
    "column_much_narrower",
    "column_narrower",
    "column_narrower_by_indent",
    "column_filled",
    "column_overrun",
    "second_line_fills_column",
    "column_width_changes",
    "heading_between_blank_lines",
    # of what comes after it
    "last_on_page",
    "news_lead_next",
    "byline_line_next",
    "continuation_next",
    "possible_heading_next",
    "indented_text_next",
    "narrower_text_next",
    "full_line_after_blank_next",
    "blank_line_next",
    "date_next",
    "time_next",
    "news_lead_after_next",
    "several_news_leads_next",
    # of words shared
    *OF_HEADING,
    *OF_TEXT,
    # of the whole page
    "longer_than_headings",
    "shorter_than_headings",
    "few_possible_headings",
    "short_text_since_heading",
    "long_text_since_heading",
    "short_text_until_heading",
    "no_news_lead_next",
    "heading_on_plain_page",
    "heading_not_indented",
    "heading_after_full_line",
)
