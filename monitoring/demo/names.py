"""Names from common syllables, and numbers that belong to nobody."""

from datetime import date, timedelta
from random import Random

from households.registry.identity import check_character

# Frequent surnames, the first ones those that are frequent on this stretch of the Yangtze.
SURNAMES = (
    "向谭王李张周杜宋韩彭郑黄付屈卢梅秦颜"
    "王李张刘陈周向谭"
    "赵吴徐孙胡朱高林何郭马罗梁许邓冯曹曾肖田董袁潘蒋蔡余叶程苏魏吕丁任沈姚钟姜崔陆范汪石廖贾夏韦方白邹孟熊邱江阎薛侯雷龙"
)
ELDER = {
    "male": ("国建志明德文兴光正大永宗仁家祖先世万", "华平军林清荣富贵生才祥福春安高发云山海忠"),
    "female": ("秀桂玉兰春凤翠金菊素祖正先大", "英珍兰芳香梅莲云珍菊秀华琼娥翠"),
}
MIDDLE = {
    "male": ("建志俊永海学伟小晓红明宏文大长春立", "军伟勇兵华平涛波峰斌强刚林松全"),
    "female": ("小晓红丽海春玉艳秀爱明冬", "红艳梅霞玲琴燕芳蓉丽娟群琼敏"),
}
YOUNG = {
    "male": ("浩子宇俊梓嘉博天一泽文思明晨", "轩宇涵杰睿豪阳辰然鑫博航诚"),
    "female": ("欣怡梓雨思佳诗子雅梦一可心语", "怡涵萱琪妍彤悦瑶婷雯菲玥宁"),
}
# 420599 is assigned to no county, and 154 to no operator.
NOWHERE = "420599"
NO_OPERATOR = "154"


def surname(rng: Random) -> str:
    return SURNAMES[int(rng.random() * len(SURNAMES))]


def full_name(rng: Random, family: str, sex: str, birth_year: int) -> str:
    """A name as it was given in those years: one or two syllables after the surname."""
    first, second = (ELDER if birth_year < 1962 else MIDDLE if birth_year < 1992 else YOUNG)[sex]
    last = second[int(rng.random() * len(second))]
    if rng.random() < 0.22:
        return family + last
    return family + first[int(rng.random() * len(first))] + last


def phone(rng: Random) -> str:
    return f"{NO_OPERATOR}{int(rng.random() * 100_000_000):08}"


class IdentityNumbers:
    """Hands out identity numbers of one township, each once; two townships never share one."""

    def __init__(self, pairs: tuple[int, int]):
        self.low, self.high = pairs
        self.taken: dict[tuple[date, str], int] = {}

    def take(self, born: date, sex: str) -> tuple[str, date]:
        """A number for a birth date and a sex. On a day that is full the birth moves to the day before."""
        used = self.taken.get((born, sex), 0)
        while self.low + used >= self.high:
            born -= timedelta(days=1)
            used = self.taken.get((born, sex), 0)
        self.taken[(born, sex)] = used + 1
        first_17 = f"{NOWHERE}{born:%Y%m%d}{2 * (self.low + used) + (sex == 'male'):03}"
        return first_17 + check_character(first_17), born
