"""The wording of notices, captions and names of columns, and what kind of item a text is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from research.articles.article import ArticleKind

_MIN_ARTICLE_CHARACTERS = 300  # Longer than this, a text without a headline is no brief.
_CUE_CHARACTERS = 160  # A notice announces itself in its first words.

CAPTION_CUE = re.compile(r"图为|图①|左图|右图|上图|下图|图片|资料图")
NOTICE_CUE = re.compile(
    r"""
      即日起
    | 本报(?:特|现|将|今起|从今[天日]起|今[天日]起?)?(?:推出|开设|开辟)
    | 栏目|专栏
    | 敬请(?:关注|留意)
    | 特此(?:公告|通知|声明|更正)
    | 温馨提示|停水|停电|招聘启事|登报|征稿
    | 以飨读者
    """,
    re.VERBOSE,
)
NOTE = re.compile(
    r"[【（(\[]?\s*(?:编者按|编者的话|编后|开栏的话|开栏语|编辑手记|核心提示|阅读提示)"
)
NOTICE_HEADLINE = re.compile(
    r"""
    (?:
        公告|启事|通告|公示|编者按|开栏的话|开栏语
      | ^更正|^致歉声明|^讣告
      | ^.{0,6}(?:声明|通知|提示)    # 遗失声明, 停水通知
    )$
    """,
    re.VERBOSE,
)
COLUMN_NAME = re.compile(
    r"""
    ^[【\[《◆●■]?\s*
    (?:
        [\u4e00-\u9fff]{0,4}    # 市县传真, 近日要闻
        (?:简讯|短讯|短波|简报|快讯|快报|要闻|速递|速览|快递|播报
          |动态|传真|集锦|集萃|扫描|点击)
      | 一句话新闻|城事|社会广角
    )
    \s*[】\]》]?$
    """,
    re.VERBOSE,
)


def kind_of(
    headline: str,
    texts: Sequence[str],
    jump_from: int | None,
    has_lead: bool,
    is_notice: bool = False,
) -> ArticleKind:
    """Return what kind of item this is, captions of photographs apart.

    Parameters
    ----------
    texts: its paragraphs.
    jump_from: the page number that it continues from, None where it begins here.
    has_lead: whether it opens with a news lead.
    is_notice: whether it is known to be a notice.
    """
    text = "".join(texts)
    if jump_from is not None:
        return "continuation"
    if is_notice or NOTICE_HEADLINE.search(headline) or NOTE.match(text):
        return "notice"
    if not headline and not has_lead and NOTICE_CUE.search(text[:_CUE_CHARACTERS]):
        return "notice"
    if headline or len(text) > _MIN_ARTICLE_CHARACTERS:
        return "article"
    return "brief"
