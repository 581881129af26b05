"""Themes of fourteen years of television news: what a run takes, and whether real events come out.

The events were written down from history before their topics were looked at. For each, the theme
is the topic that its words most often stand for, p(topic | word) on average. The theme shows the
event when its highest month, within a year on either side, lies within a month of the event, or
when one of its peaks does (a theme that serves many events peaks at each). How often a month drawn
at random would lie so near a peak is printed too. Beside it stands the burst that contains the
event's month or the one after, where there is one: a war goes on, and its highest month may come
late. The story, of those within a year on either side, is the one that matches the event's words
best; it shows the event when its month lies within one of the event's. The words alone, without a
theme, are measured by the highest month of their mentions.

Then months are added: how many topics of the first 150 months keep number and name when 18 more
have come, learned anew (`like`) and continued (`start = "like"`).

Then the State Council's reports since 1954, each paragraph a document: themes over seventy years in
one picture.
"""

import gzip
import json
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from shared_data import require_shared

from research import train
from research.report.figures import draw_themes
from research.runs import ThemesRun, load_themes

MAX_MONTHS_OFF = 1  # Between an event and the month that shows it.
MONTHS_SEARCHED = 12  # On either side of an event.
MIN_PARAGRAPH_CHARACTERS = 21
BROWSER_SECONDS = 8  # A browser without a request stays open.

EVENTS = (
    ("18th Party Congress", "2012-11", "十八大 党代表 大会"),
    ("Lushan earthquake", "2013-04", "地震 灾区 救援"),
    ("Crimea", "2014-03", "乌克兰 克里米亚"),
    ("APEC in Beijing", "2014-11", "亚太经合组织 亚太"),
    ("70 years since the war", "2015-09", "抗战 抗日战争 胜利"),
    ("Olympics in Rio", "2016-08", "奥运会 金牌 里约"),
    ("G20 in Hangzhou", "2016-09", "二十国集团 峰会 杭州"),
    ("Belt and Road Forum", "2017-05", "一带一路 论坛 国际合作"),
    ("19th Party Congress", "2017-10", "十九大 党代表 大会"),
    ("session of the People's Congress", "2018-03", "全国人大 两会 代表"),
    ("SCO summit in Qingdao", "2018-06", "上海合作组织 上合 成员国"),
    ("first Import Expo", "2018-11", "进口博览会 进博会 展"),
    ("70 years of the People's Republic", "2019-10", "新中国 成立 国庆"),
    ("epidemic", "2020-02", "疫情 肺炎 患者 防控"),
    ("floods on the Yangtze", "2020-07", "洪水 防汛 降雨"),
    ("100 years of the Party", "2021-07", "建党 中国共产党 成立 百年"),
    ("Winter Olympics in Beijing", "2022-02", "冬奥会 北京冬奥会 冬奥"),
    ("Russia and Ukraine", "2022-03", "乌克兰 俄罗斯 冲突"),
    ("20th Party Congress", "2022-10", "二十大 党代表 大会"),
    ("Asian Games in Hangzhou", "2023-10", "亚运会 杭州亚运会 运动员"),
    ("war in Gaza", "2023-11", "加沙 以色列 巴勒斯坦"),
)
# Written down later, and looked at when the way to find an event's theme had been chosen by those
# above: nothing was chosen by these.
MORE_EVENTS = (
    ("Olympics in London", "2012-08", "奥运会 伦敦 金牌"),
    ("Shenzhou-10", "2013-06", "神舟 天宫 航天员"),
    ("plenum on reform", "2013-11", "三中全会 全面深化改革 改革"),
    ("Ludian earthquake", "2014-08", "地震 鲁甸 救援"),
    ("plenum on the rule of law", "2014-10", "依法治国 法治 四中全会"),
    ("Nepal earthquake", "2015-04", "尼泊尔 地震"),
    ("explosions in Tianjin", "2015-08", "天津港 爆炸 事故"),
    ("80 years since the Long March", "2016-10", "长征 红军 胜利"),
    ("20 years of Hong Kong's return", "2017-07", "香港 回归 特别行政区"),
    ("BRICS in Xiamen", "2017-09", "金砖 厦门 金砖国家"),
    ("China and Africa in Beijing", "2018-09", "中非 非洲 中非合作论坛"),
    ("40 years of reform", "2018-12", "改革开放 四十年 周年"),
    ("second Belt and Road Forum", "2019-04", "一带一路 高峰论坛 共建"),
    ("unrest in Hong Kong", "2019-08", "香港 暴力 激进"),
    ("end of poverty declared", "2021-02", "脱贫 攻坚 贫困"),
    ("Olympics in Tokyo", "2021-08", "东京 奥运会 金牌"),
    ("biodiversity in Kunming", "2021-10", "生物多样性 昆明 大会"),
    ("earthquake in Turkey", "2023-02", "土耳其 地震 救援"),
    ("floods in the north", "2023-08", "防汛 洪水 降雨"),
    ("third Belt and Road Forum", "2023-10", "一带一路 高峰论坛 共建"),
    ("plenum of 2024", "2024-07", "三中全会 中国式现代化 改革"),
    ("Olympics in Paris", "2024-08", "巴黎 奥运会 金牌"),
    ("China and Africa in Beijing again", "2024-09", "中非 非洲 论坛"),
    ("tariffs", "2025-04", "关税 美国 贸易"),
    ("80 years since the war", "2025-09", "抗战 抗日战争 胜利"),
    ("plenum on the fifteenth plan", "2025-10", "十五五 规划 四中全会"),
    ("National Games", "2025-11", "全运会 运动员 比赛"),
)
# Written down before any look at stories or themes of theirs; later changes of how stories are
# found were chosen by all lists so far.
LAST_EVENTS = (
    ("islands bought", "2012-09", "钓鱼岛 购岛"),
    ("free trade zone in Shanghai", "2013-09", "自由贸易试验区 自贸试验区 上海"),
    ("Chang'e 3", "2013-12", "嫦娥三号 玉兔 月球"),
    ("lost flight", "2014-03", "马航 失联 客机"),
    ("CICA in Shanghai", "2014-05", "亚信 上海 峰会"),
    ("first national memorial day", "2014-12", "国家公祭日 南京大屠杀 遇难者"),
    ("Eastern Star", "2015-06", "东方之星 客船 翻沉"),
    ("attacks in Paris", "2015-11", "巴黎 恐怖袭击"),
    ("Asian infrastructure bank opens", "2016-01", "亚投行 亚洲基础设施投资银行 开业"),
    ("arbitration on the sea", "2016-07", "南海 仲裁 仲裁庭"),
    ("Shenzhou-11", "2016-10", "神舟十一号 天宫二号 航天员"),
    ("Davos", "2017-01", "达沃斯 世界经济论坛"),
    ("parade at Zhurihe", "2017-07", "阅兵 建军 朱日和"),
    ("earthquake in Jiuzhaigou", "2017-08", "九寨沟 地震"),
    ("bridge to Hong Kong and Macau", "2018-10", "港珠澳大桥 通车"),
    ("Chang'e 4", "2019-01", "嫦娥四号 月球 背面"),
    ("Asian civilisations", "2019-05", "亚洲文明对话大会 文明"),
    ("Civil Code", "2020-05", "民法典 草案"),
    ("BeiDou complete", "2020-07", "北斗 卫星 导航"),
    ("Chang'e 5", "2020-12", "嫦娥五号 月球 样品"),
    ("Tianwen on Mars", "2021-05", "天问一号 火星 着陆"),
    ("rain in Zhengzhou", "2021-07", "郑州 河南 暴雨"),
    ("Meng Wanzhou returns", "2021-09", "孟晚舟 回国"),
    ("MU5735", "2022-03", "东航 客机 黑匣子"),
    ("Pelosi in Taiwan", "2022-08", "佩洛西 台湾 窜访"),
    ("earthquake in Luding", "2022-09", "泸定 地震"),
    ("Central Asia in Xi'an", "2023-05", "中亚 西安 峰会"),
    ("water of Fukushima", "2023-08", "福岛 核污染水 排海"),
    ("earthquake in Jishishan", "2023-12", "积石山 地震 甘肃"),
    ("Chang'e 6", "2024-06", "嫦娥六号 月球 背面"),
    ("earthquake in Dingri", "2025-01", "定日 地震 西藏"),
)
# Written down in turn before any look at them: nothing was chosen by these.
FRESH_EVENTS = (
    ("rain in Beijing", "2012-07", "北京 暴雨 房山"),
    ("nuclear test in Korea", "2013-02", "朝鲜 核试验"),
    ("death of Chávez", "2013-03", "查韦斯 逝世 委内瑞拉"),
    ("Snowden", "2013-06", "斯诺登 棱镜"),
    ("typhoon Haiyan", "2013-11", "海燕 台风 菲律宾"),
    ("air defence zone", "2013-11", "防空识别区 东海"),
    ("death of Mandela", "2013-12", "曼德拉 逝世 南非"),
    ("Winter Olympics in Sochi", "2014-02", "索契 冬奥会"),
    ("World Cup in Brazil", "2014-06", "世界杯 巴西"),
    ("Youth Olympics in Nanjing", "2014-08", "青奥会 南京"),
    ("vote in Scotland", "2014-09", "苏格兰 独立 公投"),
    ("water from south to north", "2014-12", "南水北调 中线 通水"),
    ("evacuation from Yemen", "2015-04", "也门 撤离"),
    ("founders of the infrastructure bank", "2015-04", "亚投行 意向 创始成员国"),
    ("Tu Youyou", "2015-10", "屠呦呦 诺贝尔 青蒿素"),
    ("meeting across the strait", "2015-11", "马英九 新加坡 两岸"),
    ("climate in Paris", "2015-12", "气候变化 巴黎 大会"),
    ("Brexit", "2016-06", "英国 脱欧 公投"),
    ("coup in Turkey", "2016-07", "土耳其 政变"),
    ("Trump elected", "2016-11", "特朗普 当选 希拉里"),
    ("Xiong'an", "2017-04", "雄安新区 设立"),
    ("Tianzhou-1", "2017-04", "天舟一号 货运飞船"),
    ("C919 flies", "2017-05", "C919 首飞 大型客机"),
    ("Trump and Kim", "2018-06", "特朗普 金正恩 新加坡"),
    ("boat at Phuket", "2018-07", "普吉 游船 倾覆"),
    ("explosion in Xiangshui", "2019-03", "响水 爆炸 化工"),
    ("Horticultural Expo", "2019-05", "世园会 园艺 延庆"),
    ("Daxing airport", "2019-09", "大兴国际机场 投运"),
    ("Military Games in Wuhan", "2019-10", "军运会 武汉"),
    ("national security in Hong Kong", "2020-06", "香港 国家安全 立法"),
    ("Tianwen leaves", "2020-07", "天问一号 火星 发射"),
    ("to the bottom of the sea", "2020-11", "奋斗者 万米 载人潜水器"),
    ("cotton", "2021-03", "新疆 棉花"),
    ("core module", "2021-05", "天和 核心舱 空间站"),
    ("Kabul", "2021-08", "阿富汗 塔利班 喀布尔"),
    ("National Games in Shaanxi", "2021-09", "全运会 陕西"),
    ("volcano of Tonga", "2022-01", "汤加 火山"),
    ("Abe shot", "2022-07", "安倍 枪击"),
    ("death of the Queen", "2022-09", "伊丽莎白 女王 逝世"),
    ("death of Jiang Zemin", "2022-12", "江泽民 逝世"),
    ("World Cup in Qatar", "2022-12", "世界杯 卡塔尔"),
    ("Saudi Arabia and Iran", "2023-03", "沙特 伊朗 复交"),
    ("evacuation from Sudan", "2023-04", "苏丹 冲突 撤离"),
    ("World University Games in Chengdu", "2023-08", "大运会 成都"),
    ("earthquake in Noto", "2024-01", "能登 地震 日本"),
    ("air show in Zhuhai", "2024-11", "航展 珠海"),
    ("fall of Damascus", "2024-12", "叙利亚 大马士革 阿萨德"),
    ("Asian Winter Games in Harbin", "2025-02", "亚冬会 哈尔滨"),
    ("earthquake in Myanmar", "2025-04", "缅甸 地震"),
    ("Israel and Iran", "2025-06", "伊朗 以色列 打击"),
    ("World Games in Chengdu", "2025-08", "世运会 成都"),
)
# Written down when the four lists before had been looked at, and before any look at these: nothing
# was chosen by them.
LATE_EVENTS = (
    ("Obama again", "2012-11", "奥巴马 罗姆尼 大选"),
    ("eight rules", "2012-12", "八项规定 作风 轻车简从"),
    ("People's Congress elects", "2013-03", "全国人大 审议 代表 十二届"),
    ("mass line", "2013-07", "群众路线 教育实践活动 四风"),
    ("typhoon Fitow", "2013-10", "菲特 余姚 台风"),
    ("attack in Kunming", "2014-03", "昆明 暴力 恐怖 火车站"),
    ("ferry of Korea", "2014-04", "岁月号 客轮 沉没 韩国"),
    ("Gaza in summer", "2014-07", "加沙 以色列 停火"),
    ("Ebola", "2014-09", "埃博拉 西非 病毒"),
    ("strikes on the Islamic State", "2014-09", "极端组织 伊斯兰国 空袭"),
    ("attack on a weekly in Paris", "2015-01", "巴黎 查理 恐怖袭击"),
    ("debts of Greece", "2015-07", "希腊 债务 公投"),
    ("accord with Iran", "2015-07", "伊朗 核问题 协议"),
    ("refugees in Europe", "2015-09", "难民 欧洲 欧盟"),
    ("thirteenth plan", "2015-11", "五中全会 十三五 规划"),
    ("bomber shot down by Turkey", "2015-11", "俄罗斯 战机 土耳其 击落"),
    ("Zika", "2016-02", "寨卡 病毒 巴西"),
    ("Brussels", "2016-03", "布鲁塞尔 爆炸 比利时"),
    ("earthquake in Kumamoto", "2016-04", "熊本 地震"),
    ("floods of 2016", "2016-07", "防汛 洪水 强降雨"),
    ("plenum on the Party's discipline", "2016-10", "六中全会 从严治党 党内"),
    ("hurricanes", "2017-09", "飓风 佛罗里达 得克萨斯"),
    ("Trump in Beijing", "2017-11", "特朗普 访华 美国"),
    ("Zimbabwe", "2017-11", "津巴布韦 穆加贝"),
    ("Olympics in Pyeongchang", "2018-02", "平昌 冬奥会"),
    ("constitution amended", "2018-03", "宪法 修正案 监察"),
    ("Boao 2018", "2018-04", "博鳌 亚洲论坛 年会"),
    ("World Cup in Russia", "2018-06", "世界杯 俄罗斯 比赛"),
    ("first tariffs", "2018-07", "加征 关税 美国"),
    ("Asian Games in Jakarta", "2018-08", "雅加达 亚运会 金牌"),
    ("typhoon Mangkhut", "2018-09", "山竹 台风 广东"),
    ("yellow vests", "2018-12", "法国 黄背心 抗议"),
    ("Sri Lanka", "2019-04", "斯里兰卡 爆炸 袭击"),
    ("first theme education", "2019-09", "不忘初心 牢记使命 主题教育"),
    ("typhoon Lekima", "2019-08", "利奇马 台风 浙江"),
    ("20 years of Macau's return", "2019-12", "澳门 回归 特别行政区"),
    ("Soleimani", "2020-01", "苏莱曼尼 伊朗 美国"),
    ("George Floyd", "2020-06", "弗洛伊德 种族 抗议"),
    ("explosion in Beirut", "2020-08", "贝鲁特 黎巴嫩 爆炸"),
    ("70 years since the war in Korea", "2020-10", "抗美援朝 志愿军 出国作战"),
    ("Biden elected", "2020-11", "拜登 特朗普 大选"),
    ("fourteenth plan", "2020-11", "五中全会 十四五 规划"),
    ("Capitol", "2021-01", "国会 特朗普 弹劾"),
    ("history of the Party", "2021-03", "党史 学习教育"),
    ("plenum on history", "2021-11", "六中全会 决议 历史经验"),
    ("epidemic in Shanghai", "2022-04", "上海 疫情 核酸"),
    ("25 years of Hong Kong's return", "2022-07", "香港 回归 特别行政区"),
    ("drought on the Yangtze", "2022-08", "抗旱 高温 干旱"),
    ("G20 on Bali", "2022-11", "巴厘岛 二十国集团 峰会"),
    ("second theme education", "2023-04", "主题教育 学习贯彻 思想"),
    ("earthquake in Morocco", "2023-09", "摩洛哥 地震"),
    ("APEC in San Francisco", "2023-11", "旧金山 亚太经合组织 美国"),
    ("snow before the Spring Festival", "2024-02", "雨雪 冰冻 低温 春运"),
    ("earthquake in Hualien", "2024-04", "花莲 地震 台湾"),
    ("discipline of the Party", "2024-05", "党纪 学习教育"),
    ("Lebanon", "2024-10", "黎巴嫩 真主党 以军"),
    ("BRICS in Kazan", "2024-10", "喀山 金砖 金砖国家"),
    ("APEC in Lima, G20 in Rio", "2024-11", "秘鲁 巴西 亚太经合组织 二十国集团"),
    ("martial law in Korea", "2024-12", "韩国 戒严 尹锡悦"),
    ("25 years of Macau's return", "2024-12", "澳门 回归 特别行政区"),
    ("fires of Los Angeles", "2025-01", "洛杉矶 山火 加州"),
    ("India and Pakistan", "2025-05", "印度 巴基斯坦 停火"),
    ("SCO in Tianjin", "2025-09", "上海合作组织 天津 峰会"),
)
LISTS = {
    "events": EVENTS,
    "more events": MORE_EVENTS,
    "last events": LAST_EVENTS,
    "fresh events": FRESH_EVENTS,
    "late events": LATE_EVENTS,
}
NEWS = """
task = "themes"
name = "news"
seed = 1
[corpus]
path = "{path}"
fields = {{headline = "title"}}
[tokens]
min_length = 2
[topics]
n_topics = 100
"""
REPORTS = """
task = "themes"
name = "reports"
seed = 1
[corpus]
path = "{path}"
[tokens]
min_length = 2
[topics]
n_topics = 30
[time]
by = "year"
"""


ADDED = (
    NEWS.replace('name = "news"', 'name = "{name}"').replace("[tokens]", "{corpus}\n[tokens]")
    + "{topics}\n[time]\nstories = 0\n"
)


class Search(NamedTuple):
    """By what an event came out: the theme's highest month, a peak, a burst, a story, its words.

    ``chance`` is the probability that a month drawn at random lies so near a peak.
    """

    highest: bool
    peak: bool
    burst: bool
    story: bool
    words: bool
    chance: float


def main() -> None:
    shared = require_shared()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        news_corpus = shared / "xwlb.jsonl.gz"
        find_events(train_and_time(NEWS, news_corpus, folder))
        add_months(news_corpus, folder)
        paragraphs = write_paragraphs(shared, folder / "paragraphs.jsonl")
        reports = train_and_time(REPORTS, paragraphs, folder)
        picture = folder / "reports.svg"
        if len(sys.argv) > 1:
            picture = Path(sys.argv[1]) / "reports.svg"
        draw_themes(reports, picture)
        size = picture.stat().st_size / 1e3
        print(f"seventy years of reports in one picture: {size:.0f} kB")


def train_and_time(config: str, corpus: Path, folder: Path) -> ThemesRun:
    """Train, print what it took, and return the run."""
    path = folder / "themes.toml"
    path.write_text(config.format(path=corpus), "utf-8")
    start = time.perf_counter()
    outcome = train(path, folder)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    run = load_themes(outcome.folder)
    figures = run.figures
    report_size = run.report.stat().st_size / 1e6
    print(
        f"{run.name}: {figures.documents:,} articles, {figures.n_topics} topics, "
        f"{figures.periods} periods, {figures.near_duplicates} near-duplicates"
    )
    print(
        f"  fit, track and report {seconds:.0f} s, peak memory {memory:.2f} GB, "
        f"report {report_size:.1f} MB{opens_in(run.report, folder)}",
        flush=True,
    )
    return run


def find_events(run: ThemesRun) -> None:
    """Print by what each event came out, and how many of each list did."""
    for name, events in LISTS.items():
        searches = [find_event(run, *event) for event in events]
        highest, peaks, bursts, stories, words = (
            sum(column) for column in list(zip(*searches, strict=True))[:5]
        )
        chance = np.mean([search.chance for search in searches])
        print(
            f"  {len(events)} {name}: {highest} found by their highest month, {peaks} by a peak "
            f"({chance:.0%} by chance), {bursts} by peak or burst, {stories} as a story, "
            f"{words} by their words"
        )


def find_event(run: ThemesRun, event: str, month: str, words: str) -> Search:
    """Search for one event, and print where it came out."""
    topic = theme_of(run, words)
    movement = run.movements[topic]
    highest = highest_month(run, topic, month)
    tops = [peak.period for peak in movement.peaks]
    near_peak = {period for period in run.shares.periods if is_any_near(tops, period)}
    bursts = list(bursts_at(run, topic, month))
    most_mentioned = month_of_words(run, words, month)
    story = next(
        (
            story
            for story in run.stories_about(words)
            if months_between(story.period, month) <= MONTHS_SEARCHED
        ),
        None,
    )
    is_story = story is not None and is_any_near([story.period], month)
    print(
        f"  {'found ' if month in near_peak else 'missed'} {month} {event}: "
        f"topic {topic} {run.topics[topic].name}, peak {highest}"
        f"{', burst ' + bursts[0] if bursts else ''}; words {most_mentioned}; "
        f"story {'found' if is_story else 'missed'}"
        f"{f' {story.period} ' + ' '.join(story.words[:5]) if story else ''}"
    )
    return Search(
        highest=is_any_near([highest], month),
        peak=month in near_peak,
        burst=month in near_peak or bool(bursts),
        story=is_story,
        words=most_mentioned is not None and is_any_near([most_mentioned], month),
        chance=len(near_peak) / len(run.shares.periods),
    )


def theme_of(run: ThemesRun, words: str) -> int:
    """Return the topic that words most often stand for.

    It is topic 0, and most likely a miss, where the news has none of the words.
    """
    components = run.model.components_
    topic_given_word = components / components.sum(axis=0)
    columns = [run.vocabulary.index(word) for word in known_words(run, words)]
    sums = topic_given_word[:, columns].sum(axis=1)
    return int(sums.argmax())


def known_words(run: ThemesRun, words: str) -> list[str]:
    """Return those of some words that the run has."""
    return [word for word in words.split() if word in run.vocabulary]


def highest_month(run: ThemesRun, topic: int, month: str) -> str:
    """Return the month of a topic's highest share, within a year of another month."""
    share = dict(zip(run.shares.periods, run.shares.shares[:, topic], strict=True))
    candidates = [
        period
        for period in share
        if months_between(period, month) <= MONTHS_SEARCHED and not np.isnan(share[period])
    ]
    return max(candidates, key=lambda period: share[period])


def bursts_at(run: ThemesRun, topic: int, month: str) -> Iterator[str]:
    """Yield a topic's bursts that contain a month or the one after it."""
    for burst in run.movements[topic].bursts:
        if month_number(burst.first) - 1 <= month_number(month) <= month_number(burst.last):
            yield f"{burst.first} to {burst.last}"


def month_of_words(run: ThemesRun, words: str, month: str) -> str | None:
    """Return the month, within a year of another, in which most articles mention the words.

    Each word is measured by its mean over all months. None where the news has none of them.
    """
    known = known_words(run, words)
    if not known:
        return None
    mentions = run.mentions(known)
    means = np.nanmean(mentions.shares, axis=0)
    relative = (mentions.shares / means).mean(axis=1)
    candidates = [
        i
        for i, period in enumerate(mentions.periods)
        if months_between(period, month) <= MONTHS_SEARCHED and mentions.documents[i]
    ]
    return mentions.periods[max(candidates, key=lambda i: relative[i])]


def add_months(corpus: Path, folder: Path) -> None:
    """Print how far topics keep number and name when months are added."""
    early = train_part(corpus, folder, "early", limit='until = "2024-12"')
    for name, topics in (
        ("anew", 'like = "early"'),
        ("continued", 'like = "early"\nstart = "like"'),
    ):
        later = train_part(corpus, folder, name, topics=topics)
        same = later.figures.lineage.same
        n_named = sum(early.topics[old].name == later.topics[new].name for old, new, _ in same)
        distance = np.mean([distance for *_, distance in same])
        print(
            f"  {name}: {len(same)} of {early.figures.n_topics} topics found again, "
            f"{n_named} of them with their names, "
            f"Jensen–Shannon distance {distance:.2f} on average; "
            f"perplexity {later.figures.training_perplexity:.0f}, "
            f"NPMI {later.figures.coherence_npmi:.3f}",
            flush=True,
        )


def train_part(
    corpus: Path, folder: Path, name: str, limit: str = "", topics: str = ""
) -> ThemesRun:
    """Train on the news, up to a month or on from an earlier run, and return the run."""
    path = folder / f"{name}.toml"
    path.write_text(ADDED.format(path=corpus, name=name, corpus=limit, topics=topics), "utf-8")
    return load_themes(train(path, folder).folder)


# Prints when the page says that its curves are drawn.
WATCH_SCRIPT = """<script>
(function wait() {
  if (!document.documentElement.dataset.drawn) return setTimeout(wait, 5);
  console.log("drawn " + performance.now());
})()
</script>"""


def opens_in(report: Path, folder: Path) -> str:
    """Return in how many seconds a browser draws a report, the median of three.

    The answer is "" without a browser.
    """
    browser = shutil.which("chromium")
    if browser is None:
        return ""
    page = folder / "timed.html"
    html = report.read_text("utf-8").replace("</body>", WATCH_SCRIPT + "</body>")
    page.write_text(html, "utf-8")
    seconds = []
    for turn in range(3):
        log = open_page(browser, page, folder / f"profile{turn}")
        seconds += [float(ms) / 1000 for ms in re.findall(r"drawn ([\d.]+)", log)]
    if not seconds:
        return ""
    return f", drawn {statistics.median(seconds):.1f} s after it was opened"


def open_page(browser: str, page: Path, profile: Path) -> str:
    """Open a page in a browser without a window, and return what it logs."""
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={profile}",
        "--remote-debugging-port=0",
        page.as_uri(),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as stopped:
        return (stopped.stderr or b"").decode()
    return done.stderr


def month_number(period: str) -> int:
    """Return the number of a month, counted from the year 0."""
    return int(period[:4]) * 12 + int(period[5:7])


def months_between(period: str, other: str) -> int:
    """Return how many months lie between two."""
    return abs(month_number(period) - month_number(other))


def is_any_near(periods: list[str], month: str) -> bool:
    """Return whether one of some months lies within a month of another."""
    return any(months_between(period, month) <= MAX_MONTHS_OFF for period in periods)


def write_paragraphs(shared: Path, path: Path) -> Path:
    """Write the paragraphs of the State Council's reports, one row each."""
    with (
        gzip.open(shared / "gov-reports.jsonl.gz", "rt", encoding="utf-8") as rows,
        path.open("w", encoding="utf-8") as out,
    ):
        for report in map(json.loads, rows):
            if report["level"] != "国务院":
                continue
            for paragraph in paragraphs_of(report):
                out.write(json.dumps(paragraph, ensure_ascii=False) + "\n")
    return path


def paragraphs_of(report: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the paragraphs of a report that are long enough, as rows of a corpus."""
    paragraphs = [
        text for text in report["text"].split("\n") if len(text.strip()) >= MIN_PARAGRAPH_CHARACTERS
    ]
    for n, text in enumerate(paragraphs):
        yield {"id": f"{report['id']}-{n}", "date": str(report["date"]), "text": text}


if __name__ == "__main__":
    main()
