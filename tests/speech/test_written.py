"""Text as the trade writes it: telephone talk of telecom, power and payments."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.speech.written import display, spoken_digits, warm_up, without_hesitations

ZH = """
我的号码是幺三八，零零幺三，八零零零|我的号码是13800138000
手机幺五六、二零九三、七七幺四|手机15620937714
您报一下，一五六二零九三七七一四对吗|您报一下，15620937714对吗
号码是156，2093，7714|号码是15620937714
户号是三幺零二，零零七八，六五|户号是3102007865
宽带账号零二幺，五五八八零幺二三|宽带账号02155880123
工号两零三六为您服务|工号2036为您服务
身份证后四位是零二幺x|身份证后四位是021x
身份证号是三二零幺零二一九八八零三零五幺二三，X|身份证号是32010219880305123X
电路编号是零零七三，幺二|电路编号是007312
卡号六二二二，零二幺二，零零零零，三四五六|卡号6222021200003456
验证码是四七二九零幺|验证码是472901
拨打九五五九八报修|拨打95598报修
拨幺零零八六查余额|拨10086查余额
房间是五零一，五零二，五零三|房间是501，502，503
尾号四四零七，三一九二|尾号4407，3192
洞拐两五，幺九洞三|07251903
我家是四单元六零一|我家是4单元601
家在二号楼一单元|家在2号楼1单元
话费一百三十九块八|话费139.8元
扣了三块五毛|扣了3.5元
扣了三块五毛钱|扣了3.5元
退您四十六块八毛五|退您46.85元
电费三百零八块零五分|电费308.05元
定向包九块九一个月|定向包9.9元一个月
一共两百块钱|一共200块钱
每月八十九元四十个G|每月89元40G
就两百来块吧|就两百来块吧
花了一百多块|花了一百多块
几十块的事|几十块的事
五六十块钱|五六十块钱
转了三万块没到账|转了3万块没到账
转账五千二没到账|转账5200没到账
限额是五十万|限额是50万
一笔三百二十六块五的交易|一笔326.5元的交易
手续费百分之零点六|手续费0.6%
优惠百分之二十到三十|优惠20%到30%
违约金千分之三|违约金3‰
百分之百能修好|100%能修好
大概百分之二三十|大概百分之二三十
日息万分之五|日息万分之五
分二十四期还|分24期还
打八五折|打85折
两块电表都没走|两块电表都没走
一度电五毛六|1度电0.56元
用了七百四十二度电|用了742度电
表底是一万两千零五十|表底是12050
电压只有一百九十八伏|电压只有198伏
空调三点五千瓦|空调3.5千瓦
光衰负二十七点五|光衰-27.5
合同二零二六年三月五号到期|合同2026年3月5号到期
二六年三月开的户|26年3月开的户
十二月三十一号之前|12月31号之前
十五六号就用完了|十五六号就用完了
下午三点半来|下午3点半来
九点一刻到的|9点一刻到的
九点零五分断的|9点05分断的
五点五十来过|5点50来过
早上八点到十一点上门|早上8点到11点上门
一点到三点停电|1点到3点停电
下午一点，我在家|下午1点，我在家
晚上一点信号都没有|晚上一点信号都没有
零点到六点检修|0点到6点检修
三到五个工作日退回|3到5个工作日退回
两小时内到现场|2小时内到现场
两三天就好|两三天就好
这两天一直断|这两天一直断
二十块三天内退|20块三天内退
装的是一千兆|装的是1000兆
千兆的怎么收费|千兆的怎么收费
测出来三百兆|测出来300兆
还剩两个G|还剩2G
送五十个G|送50G
五G信号不好|5G信号不好
路由器是幺九二点幺六八点一点一|路由器是192.168.1.1
等一下|等一下
快一点好不好|快一点好不好
一点都没有|一点都没有
等了一会儿|等了一会儿
一样的毛病|一样的毛病
灯一闪一闪的|灯一闪一闪的
三天两头断网|三天两头断网
万一又断了呢|万一又断了呢
十分抱歉|十分抱歉
十一假期不在家|十一假期不在家
第二次打了|第二次打了
星期三上午|星期三上午
三分之一的人|三分之一的人
千万别挂|千万别挂
十点一直没信号|十点一直没信号
一二三楼都停电|一二三楼都停电
有两个红灯一个绿灯|有两个红灯一个绿灯
一个月没来过人|一个月没来过人
嗯。|嗯。
哦|哦
对。|对。
嗯嗯，好|嗯嗯，好
嗯，谢谢|嗯，谢谢
嗯，我想查一下余额|我想查一下余额
呃，那个，我家停电了|我家停电了
额，余额不对|余额不对
那个那个我想退订|我想退订
就是说，钱没到账|钱没到账
就，就跳闸了|就跳闸了
我，我，我没办过|我没办过
你们，你们上次说好的|你们上次说好的
对，对面也停了|对，对面也停了
不，不是这个号|不，不是这个号
这个，怎么弄|这个，怎么弄
那个灯不亮|那个灯不亮
停电，停电！|停电，停电！
幺三八，嗯，零零幺三，呃，八零零零|13800138000
"""

EN = """
my number is one three eight, double zero one three, eight triple zero|my number is 13800138000
It's oh two seven, double five, nine one.|It's 0275591.
The ticket is four eight one six.|The ticket is 4816.
account number eight eight oh two|account number 8802
It's 154-2218-6093.|It's 154-2218-6093.
Oh, one five four two, sorry.|Oh, 1542, sorry.
twenty five dollars and fifty cents|$25.50
twelve dollars and five cents|$12.05
the thirty dollar plan|the $30 plan
ten pounds a month|£10 a month
seventy nine yuan|79 yuan
they took fifty cents|they took 50 cents
it's a hundred and thirty every month|it's 130 every month
Two hundred and fifty thousand|250,000
the meter says ten thousand three hundred twenty six|the meter says 10,326
twenty percent off|20% off
three point five percent|3.5%
five hundred megabits|500 megabits
two gigs left|2 gigs left
one point five gigs|1.5 gigs
at three thirty p.m.|at 3:30 p.m.
at nine oh five in the morning|at 9:05 in the morning
at nine o'clock|at 9 o'clock
between eight and ten|between 8 and 10
from nine to five in the afternoon|from 9 to 5 in the afternoon
the third of May|the 3rd of May
March fifth, twenty twenty six|March 5th, 2026
on the twenty first|on the 21st
fourteen Mill Lane, flat six C|14 Mill Lane, flat 6C
twenty four seven support|24/7 support
it is one nine two point one six eight point one point one|it is 192.168.1.1
there's a red one blinking|there's a red one blinking
one moment please|one moment please
no one came|no one came
I have two phones|I have two phones
wait a second|wait a second
half past nine|half past nine
nineteen ninety nine a month|nineteen ninety nine a month
oh one more thing|oh one more thing
you may first check the cable|you may first check the cable
$25.50 at 3:30 p.m. for 2 GB|$25.50 at 3:30 p.m. for 2 GB
Um, so the power is out|So the power is out
Sure, it's, uh, four two one|Sure, it's 421
Well, you know, it broke|Well, it broke
Do you know, the bill is wrong|Do you know, the bill is wrong
Uh-huh.|Uh-huh.
Um.|Um.
I, I never signed up|I never signed up
No, no, that's wrong|No, no, that's wrong
"""


def table(rows: str) -> list[tuple[str, str]]:
    pairs = [row.split("|") for row in rows.strip().splitlines()]
    return [(said, written) for said, written in pairs]


@pytest.mark.parametrize(("said", "written"), table(ZH))
def test_chinese(said: str, written: str) -> None:
    assert display(said, "zh") == written
    assert display(written, "zh") == written


@pytest.mark.parametrize(("said", "written"), table(EN))
def test_english(said: str, written: str) -> None:
    assert display(said, "en") == written
    assert display(written, "en") == written


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(table(ZH)) >= 80
    assert len(table(EN)) >= 40


PIECES_ZH = [*"零一二三四五六七八九十百千万亿两幺洞半几多，。、点块毛分元月号年天个嗯呃我你那就",
             *"不对额兆G度来",
             "百分之", "那个", "就是说", "下午", "第", "负", "138", "3.5", " ", "到"]  # fmt: skip
PIECES_EN = ["one", "five", "oh", "double", "twenty", "hundred", "thousand", "a", "and", "point",
             "dollars", "cents", "percent", "p.m.", "at", "third", "May", "um,", "uh", "you know,",
             "I", "the", "no", "12", "3.5", ",", ".", "second", "between", "gigs"]  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES_ZH), max_size=14).map("".join))
def test_writing_twice_is_writing_once_zh(text: str) -> None:
    once = display(text, "zh")
    assert display(once, "zh") == once


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES_EN), max_size=12).map(" ".join))
def test_writing_twice_is_writing_once_en(text: str) -> None:
    once = display(text, "en")
    assert display(once, "en") == once


CONTENT = "网断了灯红停电退款账单套餐光猫"


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*PIECES_ZH, *CONTENT]), max_size=14).map("".join))
def test_content_words_stay_in_their_order(text: str) -> None:
    def words(sentence: str) -> str:
        return re.sub(f"[^{CONTENT}]", "", sentence)

    assert words(display(text, "zh")) == words(text)


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["zh", "en", "ja", ""]))
def test_no_string_is_refused(text: str, lang: str) -> None:
    once = display(text, lang)
    assert display(once, lang) == once
    for start, end, digits in spoken_digits(text):
        assert 0 <= start < end <= len(text)
        assert len(digits) >= 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "，，，",
        "。",
        "\x00",
        "\ue000一百二十块",
        "点点点",
        "十百千万",
        "💡",
        "point point",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_without_sense_comes_through(text: str, lang: str) -> None:
    assert display(text, lang).count("\ue000") == text.count("\ue000")


def test_other_languages_are_left_alone() -> None:
    assert display("嗯，一百二十块", "yue") == "嗯，一百二十块"
    assert without_hesitations("um, one", "de") == "um, one"


@pytest.mark.parametrize(
    "piece", ["一", "幺五四，", "嗯，", "点一", "两百", "one ", "a", "uh, ", " "]
)
def test_a_decoder_s_loop_does_not_stall_the_call(piece: str) -> None:
    text = piece * (3000 // len(piece))
    began = time.perf_counter()
    assert isinstance(display(text, "zh") + display(text, "en"), str)
    assert isinstance(spoken_digits(text), list)
    assert time.perf_counter() - began < 5  # 0.5 s on an idle core; a quadratic regex takes minutes


def test_an_utterance_takes_little_time() -> None:
    warm_up()
    text = "嗯，我这个手机号幺五六，二零九三，七七幺四，三月五号下午三点半扣了一百三十九块八"
    text += "，就，就没办过，你给我查一下好吧，谢谢"
    rounds = []
    for _ in range(40):
        began = time.perf_counter()
        display(text, "zh")
        rounds.append(time.perf_counter() - began)
    assert min(rounds) < 0.002


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("幺三八，零零幺三，八零零零。", ["13800138000"]),
        ("幺三八，嗯，零零幺三，八零零零", ["13800138000"]),
        ("138-0013-8000", ["13800138000"]),
        ("138 0013 8000 是我的", ["13800138000"]),
        ("one three eight, uh, double zero one three, eight triple zero", ["13800138000"]),
        ("尾号四四零七，三一九二", ["4407", "3192"]),
        ("五零一，五零二，五零三", ["501", "502", "503"]),
        ("三月五号，有两个灯", []),
        ("一百二十三块", []),
        ("one moment, two phones", []),
        ("二零二五，二零二六年", ["2025", "2026"]),
    ],
)
def test_digit_strings_are_found_and_joined(text: str, found: list[str]) -> None:
    assert [digits for _, _, digits in spoken_digits(text)] == found


def test_places_are_those_of_the_text() -> None:
    text = "手机幺三八，零零幺三，八零零零，谢谢"
    ((start, end, _),) = spoken_digits(text)
    assert text[start:end] == "幺三八，零零幺三，八零零零"
