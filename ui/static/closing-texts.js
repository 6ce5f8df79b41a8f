// What the end of a call and its beginning anew say in both languages.

export const CLOSING_TEXTS = {
  'continue.title': ['接着上次继续', 'Go on from the last call'],
  'continue.when': ['{n} 天前来过电，停在“{step}”。', 'Called {n} d ago; it ended at “{step}”.'],
  'continue.today': ['今天来过电，停在“{step}”。', 'Called earlier today; it ended at “{step}”.'],
  'continue.tried': ['当时做过：', 'Tried then:'],
  'continue.known': ['已知信息：', 'Known:'],
  'continue.accept': ['从这一步继续', 'Go on from there'],
  'continue.decline': ['从头开始', 'Begin anew'],
  'summary.wrap_up': ['通话小结', 'Summary of the call'],
  'summary.hand_over': ['交接说明', 'Hand-over note'],
  'summary.need': ['诉求', 'Need'],
  'summary.done': ['已处理（一行一项）', 'Done, one a line'],
  'summary.result': ['处理结果', 'Result'],
  'summary.follow_up': ['后续', 'Follow-up'],
  'summary.keep': ['确认并保存', 'Keep it'],
};
