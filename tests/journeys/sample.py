"""A few hundred texts as customers write them: invented, of every length, with the signs and slips of real ones."""

from __future__ import annotations

import csv
from itertools import cycle, islice
from pathlib import Path

# What went wrong, in the words of the file's rows; the words choose the category.
COMPLAINTS = (
    "等了{n}个小时才送到，太慢了，饭都凉透了。",
    "快递太慢，说好{n}天到，结果拖了一个星期！",
    "配送员态度很差，打电话还骂人，我{n}点就在楼下等。",
    "箱子压坏了，里面的碗碎了{n}个，没人管。",
    "少了{n}件，给客服打电话一直没人接。",
    "送错地方了，别人家的货送到我这里来，第{n}次了。",
    "东西还可以，就是物流信息{n}天不更新。",
    "打了{n}次电话催，都说在路上，到现在也没个回音。",
    "包装破了，洗发水漏了一半，照片发了{n}张。",
    "代收的货款{n}天了还没转给我，啥时候到账？",
)
ENDINGS = ("", "差评！！！", "希望尽快处理。", "真的很无语……", "要求赔偿", "下次不会再用了～", "😡", "謝謝")
PRODUCTS = ("外卖", "洗发水", "水果", "平板", "衣服")
# Nobody else's words: what the search must find, and find alone.
RARE = "龙虾送来已经发臭，䶮记的𠮷祥套餐，垃圾！"


def rows(count: int) -> list[list[str]]:
    """So many rows of source, product and text; each text stands there once. The last is the rare one."""
    made: list[list[str]] = []
    for n, (words, ending, product) in enumerate(
        islice(zip(cycle(COMPLAINTS), cycle(ENDINGS), cycle(PRODUCTS), strict=False), count - 1)
    ):
        made.append(["takeaway", product, words.format(n=n + 2) + ending])
    return [*made, ["takeaway", "外卖", RARE]]


def write(path: Path, made: list[list[str]]) -> Path:
    """A CSV file with its heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["source", "product", "text"], *made])
    return path
