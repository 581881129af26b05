"""Names of people by their surnames, where no role stands before them.

Judges a few words by themselves: a name is a usual surname and one or two more characters, and no
word of the lists below. What stands among the text, ``bylines`` decides.
"""

from __future__ import annotations

import re

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎"
    "鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆"
    "萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅盛林"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
    "荀羊甄曲封靳汲糜松井段富巫焦巴侯全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎蓟薄"
    "印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻莘党翟谭贡劳姬申扶堵冉宰郦雍桑桂濮牛寿通边扈"
    "燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧"
    "利蔚越师巩聂晁勾敖融冷辛阚那简饶曾关蒯相查游竺权盖益桓公肖覃岳帅涂邝苟丘佘代尉言闫"
)
_COMPOUND_SURNAMES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫"
# Words of two or three characters that begin with a surname's character.
_WORDS = frozenset(
    """
    安全 安全感 安排 成果 成就 成本 方法 方法论 方案 方向 方便 高质量 高考 高温
    高效 国家 国庆 国务院 文化 文明 文旅 明天 明年 平安 平台 平均 全国 全市
    全县 全省 全面 全年 全文 元旦 常态 常委 常委会 应急 应对 广东 广西 广场
    广告 东西 东部 公告 公示 公益 公园 公路 公开 农民 农业 农村 江苏 江西 江南
    金融 金秋 金牌 华东 华北 华南 华侨 时间 路线 路上 党建 党员 关于 关键 关注
    关怀 通知 通告 通车 通讯 通航 武装 武汉 石油 连日来 向前 向上 易地 从严
    从前 白天 白领 温暖 温馨 牛奶 马上 马路 马拉松 龙舟 万家 万象 单位 任务
    任命 史料 解读 解放 简讯 简介 游客 左右 古镇 古城 居民 居家 乐园 乐民 富民
    富强 宁夏 海南 云南 于是 何时 何处 步行 都市 别样 言论 相关 查处 权威 师生
    师资 满意 边境 边防 计划 秋收 秋天 秋粮 冬天 夏天 夏粮 梅花 松树
    """.split()  # noqa: SIM905
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SEPARATORS = re.compile(r"[\s、，,；;/]+")
_COMPOUND = re.compile(rf"(?:{_COMPOUND_SURNAMES})[\u4e00-\u9fff]{{1,2}}")
_MAX_NAMES = 6
_MAX_CHARACTERS = 30


def is_name(word: str) -> bool:
    """Return whether a word is likely a person's name.

    >>> is_name("王建国"), is_name("高质量")
    (True, False)
    """
    if _COMPOUND.fullmatch(word):
        return True
    if not 2 <= len(word) <= 3 or word[0] not in _SURNAMES:
        return False
    if word in _WORDS or word[:2] in _WORDS:
        return False
    return _HAN.fullmatch(word) is not None


def are_names(text: str) -> bool:
    """Return whether a text is names of people and nothing else: 王建国 李晓梅, 孙 震."""
    if len(text) > _MAX_CHARACTERS:
        return False
    parts = _SEPARATORS.split(text.strip())
    words = _joined([part for part in parts if part])
    return 1 <= len(words) <= _MAX_NAMES and all(map(is_name, words))


def _joined(words: list[str]) -> list[str]:
    """Join the two halves of a name that is printed with a space: 孙 震."""
    joined: list[str] = []
    for word in words:
        is_half = len(word) == 1 and bool(joined) and len(joined[-1]) == 1
        if is_half:
            joined[-1] += word
        else:
            joined.append(word)
    return joined
