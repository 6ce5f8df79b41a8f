"""How a simulated caller talks beside the matter itself: by language and temperament."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict, get_args

Temperament = Literal["calm", "hurried", "upset", "chatty"]
TEMPERAMENTS: tuple[Temperament, ...] = get_args(Temperament)


class Phrases(TypedDict):
    """`open`: before the need is told. `again`: asked for the second time. `lost`: the agent's
    words ask for nothing the caller knows. `follow`: told to do something. `aside`: said on top."""

    open: Mapping[Temperament, tuple[str, ...]]
    about: str
    again: Mapping[Temperament, tuple[str, ...]]
    lost: Mapping[Temperament, tuple[str, ...]]
    follow: Mapping[Temperament, tuple[str, ...]]
    aside: Mapping[Temperament, tuple[str, ...]]
    unsure: tuple[str, ...]
    bye: tuple[str, ...]
    ends: tuple[str, ...]


PHRASES: Mapping[Literal["zh", "en"], Phrases] = {
    "zh": {
        "open": {
            "calm": ("你好，", "喂，你好，"),
            "hurried": ("喂，我赶时间啊，", "你好，快点说，"),
            "upset": ("我说你们这是怎么回事，", "喂，我都打了好几遍了，"),
            "chatty": ("哎，你好你好，总算打通了，", "喂，姑娘你好，是这么个事，"),
        },
        "about": "我想问一下{title}的事。",
        "again": {
            "calm": ("刚才说过了，", "我再说一遍，"),
            "hurried": ("刚说过了，", "不是说了吗，"),
            "upset": ("我刚才不是说过了吗，", "要我说几遍，"),
            "chatty": ("哎，我刚跟你说了的，", "是这样的，我再说一遍啊，"),
        },
        "lost": {
            "calm": ("不好意思，您是问什么？", "您能再说清楚一点吗？"),
            "hurried": ("说重点行吗？", "您到底要问什么？"),
            "upset": ("我听不懂，你到底能不能解决？", "别绕了，你说怎么办吧。"),
            "chatty": ("啊？您说的我没太明白。", "您慢点说，我没听懂。"),
        },
        "follow": {
            "calm": ("好的。", "嗯，好。"),
            "hurried": ("行，快点吧。", "嗯，然后呢？"),
            "upset": ("行吧。", "你说。"),
            "chatty": ("好好好，听您的。", "行，我这就弄。"),
        },
        "aside": {
            "calm": (),
            "hurried": ("麻烦快一点。",),
            "upset": ("真是的。",),
            "chatty": ("我家里老人天天念叨这个。", "上回来的那个师傅人挺好的。"),
        },
        "unsure": ("这个我不太清楚。", "我说不上来。"),
        "bye": ("没有了，谢谢，再见。", "没别的事了，再见。"),
        "ends": ("还有别的", "还有其他", "再见", "感谢您的来电"),
    },
    "en": {
        "open": {
            "calm": ("Hello. ", "Hi there. "),
            "hurried": ("Hi, I haven't got long. ", "Hello, quickly please. "),
            "upset": ("What is going on with you people? ", "This is the third time I ring. "),
            "chatty": ("Oh hello, nice to get through at last. ", "Hello dear, it's like this. "),
        },
        "about": "I'm ringing about {title}.",
        "again": {
            "calm": ("As I said, ", "Once more: "),
            "hurried": ("I just told you: ", "Again, "),
            "upset": ("I have told you already: ", "How often do I have to say it? "),
            "chatty": ("Well, as I was saying, ", "I'll say it again, no trouble: "),
        },
        "lost": {
            "calm": ("Sorry, what do you need to know?", "Could you put that another way?"),
            "hurried": ("Can we get to the point?", "What exactly do you need?"),
            "upset": ("I don't follow. Can you fix it or not?", "Just tell me what happens now."),
            "chatty": ("Pardon? I didn't quite get that.", "You've lost me there."),
        },
        "follow": {
            "calm": ("All right.", "OK."),
            "hurried": ("Fine, go on.", "Yes, and then?"),
            "upset": ("If you say so.", "Go on then."),
            "chatty": ("Right you are.", "I'll do that, one moment."),
        },
        "aside": {
            "calm": (),
            "hurried": ("Please be quick.",),
            "upset": ("Honestly.",),
            "chatty": ("My neighbour had just the same.", "The last engineer was ever so nice."),
        },
        "unsure": ("I really don't know.", "I couldn't tell you."),
        "bye": ("No, that's all, thank you. Bye.", "That was everything. Goodbye."),
        "ends": ("anything else", "goodbye", "thank you for calling", "bye"),
    },
}
