"""Words that jieba would cut apart: names with an interpunct, words with marks, spaces or Latin.

jieba cuts a text at every character that is no letter of its own, before it looks up words; such
words are found first, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

Span = tuple[int, int]
"""The place of a word's first character and the place after its last."""

# What jieba looks up itself: its Chinese characters and digits. Latin it does too, but only in the
# case of the dictionary, and inside longer Latin words.
_LOOKED_UP_BY_JIEBA = re.compile(r"[\u4e00-\u9fd50-9]+")
_INTERPUNCTS = "·•‧・∙⋅"
_SAME = dict.fromkeys(map(ord, _INTERPUNCTS), "·") | {ord("\t"): " ", ord("\u00a0"): " "}
_ASCII_LETTER = re.compile(r"[a-z0-9]")

# Characters that write sounds of foreign names (Xinhua's tables of transliteration), and those of
# Uyghur and Kazakh names.
_SOUNDS = (
    "阿埃艾爱安昂奥澳巴白柏班邦保堡鲍北贝本比彼毕边宾波伯勃博布卜采查察昌达代戴丹当道德登邓狄迪地蒂丁东都杜"
    "顿多厄恩尔法凡范方费芬丰冯佛夫弗福富盖甘冈高戈哥格葛贡古瓜圭哈海汉豪赫黑亨洪侯胡华怀惠霍基吉季加佳贾简江"
    "杰金京久居喀卡凯坎康考柯科克肯孔库夸奎昆拉莱赖兰朗劳勒雷里利立丽莉列烈林琳龙卢鲁露伦罗洛吕马玛迈麦曼芒毛"
    "梅门蒙孟米密敏明缪摩莫默姆木穆拿娜纳乃南内嫩能尼年涅宁牛纽农努女诺欧帕派潘庞佩彭蓬皮匹平珀坡浦普奇齐恰钱"
    "强乔切钦琼丘屈让热仁日荣儒茹瑞若撒萨塞赛桑瑟森沙莎山珊尚绍舍申生圣盛施石什史士舒斯丝思松苏绥孙所索塔台太"
    "泰坦汤唐陶特腾藤提廷通图屠托瓦万旺威韦维伟魏温文翁沃乌伍西希锡悉夏香肖谢欣辛兴匈休许逊雅亚延扬尧耶叶伊依"
    "因英永尤约云宰赞泽曾扎詹张哲珍芝治朱兹子孜宗佐罕甫肉买吐玉素娅黎蕾妮妲芙薇尕茨茜茱莲菲萝拜隆迭力妥珂帝罕"
)
# Words in such characters that often follow a name, and begin no part of one.
# fmt: off
_AFTER_NAMES = frozenset((
    "所", "因", "曾", "提", "立", "通", "让", "本", "当", "明", "生", "特", "高", "万", "多", "热",
    "坚", "力", "托", "推", "加", "施", "强", "高兴", "当地", "本土", "所在", "热爱", "加强",
))
# Words, most of them places, that may stand right before a name.
_BEFORE_NAMES = frozenset((
    "因", "让", "当", "曾", "本", "子", "所", "约", "生", "通", "圣", "特", "明", "当地", "本土",
    "柏林", "巴黎", "丹麦", "波兰", "芬兰", "冰岛", "爱尔兰", "加纳", "马里", "肯尼亚", "利比亚",
    "巴西", "古巴", "秘鲁", "伊朗", "伊拉克", "黎巴嫩", "阿曼", "索马里", "卢旺达", "乌干达",
    "坦桑尼亚", "塞尔维亚", "克罗地亚", "罗马尼亚", "保加利亚", "瑞士", "伦敦", "罗马", "马德里",
    "里约", "德里", "伊斯兰", "英", "法", "德", "阿里郎", "江西", "山西", "广西", "海南", "云南",
    "西安", "南宁", "丽江",
))
# fmt: on
_SOUND = f"[{_SOUNDS}]"
_LEFT = re.compile(rf"(?:{_SOUND}{{1,8}}|[A-Za-z]{{1,12}}\.?)\Z")
_RIGHT = re.compile(rf"{_SOUND}{{1,8}}|[A-Za-z]{{1,12}}")
_MIDDLE = re.compile(rf"{_SOUND}{{1,8}}|[A-Za-z]{{1,12}}\.?")
_MIN_PLACE = 2  # characters of 丽江 in 云南·丽江
_MAX_PART = 12  # characters of a part of a name, with what stands beside it


class WholeWords:
    """Find the words of a user dictionary that jieba would cut apart.

    Parameters
    ----------
    words : iterable of str
        In NFKC. Latin matches in any case, an interpunct any other, a space also two.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: set[str] = set()
        # A mark of words → where it stands in them, and how long they are.
        self._shapes: dict[str, set[tuple[int, int]]] = {}
        for word in words:
            lower = _folded(word)
            for form in {lower, lower.replace(" ", "  ")}:
                self._add(form)
        marks = "".join(map(re.escape, self._shapes))
        self._mark = re.compile(f"[{marks}]") if marks else None

    def _add(self, word: str) -> None:
        self._words.add(word)
        for place, character in enumerate(word):
            if not _LOOKED_UP_BY_JIEBA.fullmatch(character):
                self._shapes.setdefault(character, set()).add((place, len(word)))
                return

    def spans(self, text: str) -> list[Span]:
        """Return where words are: of those that overlap the first, of those the longest."""
        if self._mark is None:
            return []
        lower = _folded(text)
        spans = []
        for match in self._mark.finditer(lower):
            for place, length in self._shapes[match[0]]:
                begin = match.start() - place
                end = begin + length
                is_word = begin >= 0 and lower[begin:end] in self._words
                if is_word and _stands_alone(lower, begin, end):
                    spans.append((begin, end))
        return _without_overlaps(spans)


def cut_apart_by_jieba(word: str) -> bool:
    """Return whether jieba would never find a word that it has been given."""
    return _LOOKED_UP_BY_JIEBA.fullmatch(word) is None


def plain_token(token: str) -> str:
    """Return a token as it is counted: small letters, one kind of interpunct, single spaces."""
    lower = token.lower()
    if lower.isalnum():
        return lower
    lower = lower.translate(_SAME)
    return " ".join(lower.split()) if " " in lower.strip() else lower


def _folded(text: str) -> str:
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    return lower.translate(_SAME)


def _stands_alone(text: str, begin: int, end: int) -> bool:
    """Return whether a word does not begin or end inside a longer Latin word or number."""
    before = text[begin - 1 : begin]
    after = text[end : end + 1]
    inside_before = _ASCII_LETTER.match(before) and _ASCII_LETTER.match(text[begin])
    inside_after = _ASCII_LETTER.match(after) and _ASCII_LETTER.match(text[end - 1])
    return not (inside_before or inside_after)


def _without_overlaps(spans: list[Span]) -> list[Span]:
    spans.sort(key=lambda span: (span[0], -span[1]))
    apart: list[Span] = []
    for begin, end in spans:
        if not apart or begin >= apart[-1][1]:
            apart.append((begin, end))
    return apart


class Names:
    """Find names with an interpunct: 弗拉基米尔·普京, J·K·罗琳.

    Both sides of each interpunct must be written in characters for the sounds of foreign names.
    Where a name begins and ends among other characters is seen as jieba cuts these.

    Parameters
    ----------
    cut : callable
        Cuts a text into tokens.
    knows : callable
        Returns whether a word is in the dictionary.
    """

    def __init__(self, cut: Callable[[str], Iterable[str]], knows: Callable[[str], bool]) -> None:
        self._cut = cut
        self._knows = knows

    def spans(self, text: str) -> list[Span]:
        """Return where names are."""
        dots = [place for place, character in enumerate(text) if character in _INTERPUNCTS]
        spans = []
        for first, last in _chains(text, dots):
            begin = first - self._length_before(text[max(0, first - _MAX_PART) : first])
            end = last + 1 + self._length_after(text[last + 1 : last + 1 + _MAX_PART])
            is_place = end - last > _MIN_PLACE and text[last + 1 : end] in _BEFORE_NAMES
            if begin < first and end > last + 1 and not is_place:
                spans.append((begin, end))
        return _without_overlaps(spans)

    def _length_before(self, text: str) -> int:
        """Return how many of the last characters are the first part of a name."""
        match = _LEFT.search(text)
        if match is None:
            return 0
        if match[0].isascii():
            return len(match[0])
        tokens = list(self._cut(_han_end(text)))
        length = 0
        while tokens and self._is_before(tokens[-1], length):
            length += len(tokens.pop())
        if tokens and not self._knows(tokens[-1]):
            length += _length_of_sounds(tokens[-1][::-1])
        return length

    def _length_after(self, text: str) -> int:
        """Return how many of the first characters are the last part of a name."""
        match = _RIGHT.match(text)
        if match is None:
            return 0
        if match[0].isascii():
            return len(match[0])
        length = 0
        for token in self._cut(text):
            if length and token in _AFTER_NAMES:
                break
            n_sounds = _length_of_sounds(token)
            if n_sounds == len(token):
                length += n_sounds
                continue
            if not self._knows(token):  # jieba cut across the name's end: 萨拉|赫打
                length += n_sounds
            break
        return length

    def _is_before(self, token: str, length: int) -> bool:
        """Return whether a token is part of a name of which the last *length* characters are known.

        The word before a name may be written in the same characters: 在柏林安格拉·默克尔.
        """
        if _length_of_sounds(token) != len(token):
            return False
        return not length or token not in _BEFORE_NAMES


def _chains(text: str, dots: list[int]) -> Iterator[Span]:
    """Yield the first and the last interpunct of each run of parts of a name."""
    if not dots:
        return
    first = dots[0]
    for dot, following in pairwise([*dots, len(text) + _MAX_PART]):
        middle = text[dot + 1 : following]
        if following - dot > _MAX_PART or not _MIDDLE.fullmatch(middle):
            yield first, dot
            first = following


def _han_end(text: str) -> str:
    """Return what of a text stands after its last character that is not Chinese."""
    for place in range(len(text) - 1, -1, -1):
        if not "\u4e00" <= text[place] <= "\u9fff":
            return text[place + 1 :]
    return text


def _length_of_sounds(token: str) -> int:
    for place, character in enumerate(token):
        if character not in _SOUNDS:
            return place
    return len(token)
