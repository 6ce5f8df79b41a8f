"""What is private is starred, and what an agent needs to read afterwards is not."""

from __future__ import annotations

import pytest

from assist.privacy import find, mask

MASKED_ZH = [
    # mobile: the first three and the last four stay
    ("15403726618", "154****6618"),
    ("我号码是154 0372 6618。", "我号码是154 **** 6618。"),
    ("154-0372-6618", "154-****-6618"),
    ("154.0372.6618", "154.****.6618"),
    ("15 40 37 26 61 8", "15 4* ** *6 61 8"),
    ("幺五四，零三七二，六六幺八。", "幺五四，****，六六幺八。"),
    ("幺五四零三七二六六幺八", "幺五四****六六幺八"),
    ("一五四、零三七二、六六一八", "一五四、****、六六一八"),
    ("幺五四，嗯，零三七二，那个，六六幺八", "幺五四，嗯，****，那个，六六幺八"),
    ("１５４０３７２６６１８", "１５４****６６１８"),
    ("+86 154 0372 6618", "+86 154 **** 6618"),
    ("8615403726618", "86154****6618"),
    ("电话15403726618，工号3207", "电话154****6618，工号3207"),
    ("打10086不如打15403726618", "打10086不如打154****6618"),
    ("是15403726618号的机主吗", "是154****6618号的机主吗"),
    ("手机15403726618，59元套餐", "手机154****6618，59元套餐"),
    ("老号15403726618，新号14387654321", "老号154****6618，新号143****4321"),
    # half a number, or one that was misheard
    ("幺五四，零三七二", "***，****"),
    ("零三七二六六", "******"),
    ("一五四零三七二流六一八", "一五四****流六一八"),
    ("三三零二，要八七五，九四", "****，**七五，九四"),
    ("三三零二，18起武救司", "****，******"),
    ("154037266", "*********"),
    ("1540372661833", "*************"),
    # landline: the last four stay
    ("010-8123-4567", "***-****-4567"),
    ("0571 8765 4321", "**** **** 4321"),
    ("座机零二一，六二三四，五六七八", "座机***，****，五六七八"),
    ("（0755）26881234", "（****）****1234"),
    ("家里电话是81234567", "家里电话是********"),
    # ID card: nothing stays, with a good check digit or without
    ("11010519491231002X", "******************"),
    ("身份证是440308199901010012", "身份证是******************"),
    ("440308199901010013", "******************"),
    ("110105 19491231 002X", "****** ******** ****"),
    ("110105 1949-12-31 002X", "****** ****-**-** ****"),
    ("幺幺零幺零五，幺九四九，幺二三幺，零零二叉", "******，****，****，****"),
    ("130503670401001", "***************"),
    ("身份证后四位是0411", "身份证后四位是****"),
    # bank card: the last four stay if Luhn's check digit is right
    ("6222020200112233445", "*******************"),
    ("4111 1111 1111 1111", "**** **** **** 1111"),
    ("卡号四一一一，一一一一，一一一一，一一一一", "卡号****，****，****，一一一一"),
    ("4111 1111 1111 1112", "**** **** **** ****"),
    ("6228480402564890018", "***************0018"),
    # accounts of ten to twelve digits: the last four stay
    ("七七零幺，二五八八，幺三", "****，**八八，幺三"),
    ("户号3302187594", "户号******7594"),
    ("宽带账号6001037266", "宽带账号******7266"),
    ("表号是20871164", "表号是********"),
    # what was sent or chosen as a secret
    ("验证码是4821", "验证码是****"),
    ("服务密码六六八八", "服务密码****"),
    ("密码：135790", "密码：******"),
    # e-mail: what stands before the @
    ("zhang.wei@163.com", "*****.***@163.com"),
    ("邮箱是 zhang@qq.com，谢谢", "邮箱是 *****@qq.com，谢谢"),
    ("zhang at 163 点 com", "***** at 163 点 com"),
    ("zhang点wei艾特163点com", "*********艾特163点com"),
    ("123456789@qq.com", "*********@qq.com"),
    ("张伟圈a163点com", "**圈a163点com"),
    # house numbers
    ("青禾路26号3单元502", "青禾路**号*单元***"),
    ("地址是青禾路二十六号三单元五零二，对吗？", "地址是青禾路***号*单元***，对吗？"),
    ("青禾路26号，3单元，502室", "青禾路**号，*单元，***室"),
    ("住3栋1202室", "住*栋****室"),
    ("3号楼2单元", "*号楼*单元"),
    ("在502室", "在***室"),
    ("五零二室没人", "***室没人"),
    ("阳光小区3-2-502", "阳光小区*-*-***"),
    ("延安西路1088弄5号602室", "延安西路****弄*号***室"),
    ("中山路三号", "中山路*号"),
    ("A座1605", "*座****"),
    ("李家村3组12号", "李家村*组**号"),
    ("门牌号是302", "门牌号是***"),
    ("502房的", "***房的"),
    ("幸福里小区12幢", "幸福里小区**幢"),
]
STAYS_ZH = [
    "您好，客服中心，工号三二零七，请问有什么可以帮您？",
    "工号3207",
    "工号：20263207",
    "工单GD20261122-000007已经建好",
    "工单尾号六零四二",
    "工单号是20261122000007",
    "您的单号 88123456",
    "四百一十二块",
    "412元",
    "一共1,234,567.89元",
    "¥1234567",
    "￥12,345,678",
    "84块5毛",
    "一万零三百二十六",
    "读数是10326",
    "用了七百度出头",
    "1500000度",
    "二零二六年十一月二十二号",
    "2026-11-22",
    "2026年11月22日",
    "2026/11/22 10:30:15",
    "2026-11-22T10:00:00+08:00",
    "9点到11点",
    "9:00-11:00",
    "明天14:30，后天9:15",
    "下月一号生效",
    "26号上门",
    "十月初，十五六号",
    "1000兆的宽带",
    "100M升1000M",
    "光功率-27.35dBm",
    "掉包率99.95%",
    "百分之八十",
    "59元、79元、129元三档",
    "59、79、129元",
    "五十九元二十个G，一百分钟",
    "拨打10086",
    "95598、12345都打过了",
    "银联95516",
    "400-810-8888",
    "打我们4008108888",
    "尾号6618",
    "这个是0411",
    "路由器HG8245",
    "192.168.1.1",
    "24小时内，48小时内",
    "七七八八差不多了",
    "一心一意，三三两两",
    "三室两厅",
    "这一栋都没网，整栋楼",
    "你们楼上三楼有人",
    "1号线坐到底",
    "第二十六号文件",
    "五点五十了",
    "一一说明，一五一十",
    "影响120户",
    "拔了两回，没用，还是红的",
    "宽带-上门维修",
    "会话 9f86d081884c7d65 已断开",
    "从100到200到300兆",
]
MASKED_EN = [
    ("one five four, two two one eight, six zero nine three",
     "one five four, *** *** *** *****, six zero nine three"),
    ("one five four oh three seven two six six one eight",
     "one five four ** ***** ***** *** six six one eight"),
    ("One four three, six six zero two, seven five eight one.",
     "One four three, *** *** **** ***, seven five eight one."),
    ("one five four, double two one eight, six zero nine three",
     "one five four, ****** *** *** *****, six zero nine three"),
    ("it's, uh, one five four, um, two two one eight, six zero nine three",
     "it's, uh, one five four, um, *** *** *** *****, six zero nine three"),
    ("My number is 154 2218 6093.", "My number is 154 **** 6093."),
    ("154-2218-6093", "154-****-6093"),
    ("(555) 123-4567", "(***) ***-4567"),
    ("+44 20 7946 0958", "+** ** **** 0958"),
    ("call 555-123-4567 please", "call ***-***-4567 please"),
    ("one five for oh three seven two six six one eight",
     "one five for ** ***** ***** *** six six one eight"),
    ("fifty five fifty one twenty three forty five",
     "***** **** ***** *** ****** ***** ***** ****"),
    ("six double oh one three two two one eight six",
     "*** ****** ** *** ***** *** two one eight six"),
    ("account 6003221860", "account ******1860"),
    ("4111 1111 1111 1111", "**** **** **** 1111"),
    ("card 4111-1111-1111-1112", "card ****-****-****-****"),
    ("my passcode is 4821", "my passcode is ****"),
    ("the security code: 991122", "the security code: ******"),
    ("daniel.wong@example.com", "******.****@example.com"),
    ("daniel at gmail dot com", "****** at gmail dot com"),
    ("it's d wong at example dot co dot uk", "it's d **** at example dot co dot uk"),
    ("daniel dot wong at gmail dot com", "****** *** **** at gmail dot com"),
    ("12 Elm Street, apt 4b", "** Elm Street, apt **"),
    ("twelve Garden Road, flat nine B", "****** Garden Road, flat **** *"),
    ("I'm at twenty one Old Mill Lane", "I'm at ****** *** Old Mill Lane"),
    ("221b Baker Street", "**** Baker Street"),
    ("Apartment 1204", "Apartment ****"),
    ("suite 300, building 7", "suite ***, building *"),
    ("room five oh two", "room **** ** ***"),
    ("unit 5", "unit *"),
]  # fmt: skip
STAYS_EN = [
    "a hundred and twenty eight, every single month",
    "now it says one hundred and ninety six",
    "sixty eight yuan for an international data pass",
    "Your ticket number is four seven one three.",
    "Tomorrow, between eight and ten in the morning.",
    "started on the third of October",
    "Left it off for, um, a full minute.",
    "two people on the road",
    "five minutes down the road",
    "at 10:30 on 2026-11-22",
    "$1,234,567.89",
    "1000000 dollars",
    "$19.99 a month",
    "500 Mbps down, 100 Mbps up",
    "twenty four hours",
    "nineteen ninety nine",
    "staff number 320719",
    "ticket GD20261122-000007",
    "power is green, and there's a red one, blinking",
    "one of the two, or all three of them",
    "a flat rate of 30",
    "meet at two",
    "look at this. That's fine",
    "room for two",
    "99.95 percent of the time",
    "the number ending 6093",
    "2.4 or 5 gigahertz",
    "call 110 or 119",
]


@pytest.mark.parametrize(("text", "masked"), [*MASKED_ZH, *MASKED_EN], ids=lambda t: t[:30])
def test_what_is_private_is_starred(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(masked) == len(text)
    assert mask(masked) == masked


@pytest.mark.parametrize("text", [*STAYS_ZH, *STAYS_EN], ids=lambda t: t[:30])
def test_what_people_need_to_read_stays(text: str) -> None:
    assert mask(text) == text
    assert find(text) == []


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(MASKED_ZH) + len(STAYS_ZH) >= 80
    assert len(MASKED_EN) + len(STAYS_EN) >= 40


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("15403726618", ["phone"]),
        ("010-8123-4567", ["phone"]),
        ("11010519491231002X", ["id_card"]),
        ("4111 1111 1111 1111", ["bank_card"]),
        ("4111 1111 1111 1112", ["account"]),
        ("3302187594", ["account"]),
        ("验证码4821", ["code"]),
        ("a@b.com 青禾路26号", ["email", "address"]),
    ],
)
def test_kinds_are_told_apart(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in find(text)] == kinds


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的号码是幺五四零", "我的号码是****"),
        ("幺五四，零三", "***，**"),
        ("one five four oh", "*** **** **** **"),
        ("我号码是154", "我号码是154"),
        ("工号3207", "工号3207"),
        ("四百一十二", "四百一十二"),
        ("一共412块", "一共412块"),
    ],
)
def test_a_number_that_is_only_half_said_does_not_leak(text: str, masked: str) -> None:
    assert mask(text, growing=True) == masked
    assert mask(masked, growing=True) == masked


@pytest.mark.parametrize(
    ("before", "text", "masked"),
    [
        ("154", "零三七二", "****"),
        ("1540372", "六六幺八，对", "六六幺八，对"),
        ("154", "0372 6618", "**** 6618"),
        ("154", "零三七二六六", "******"),
        ("110105", "1949", "1949"),
        ("154", "对，零三七二", "对，零三七二"),
        ("", "零三七二", "零三七二"),
    ],
)
def test_a_number_goes_on_in_the_next_utterance(before: str, text: str, masked: str) -> None:
    expected = masked if before != "110105" else "****"
    assert mask(text, before=before) == expected
