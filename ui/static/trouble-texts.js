// Known troubles and refusals in both languages, by the server's code: what happened, and what to do.
// {names} are the trouble's `values`, {message} is what the server said. A code that is not here is
// shown in the server's own words.

export const TROUBLE_TEXTS = {
  'trouble.speech.fell_back': [
    '机器负载较高，最终文字暂由 {faster} 代替 {better} 识别。',
    'The machine is busy: {faster} writes the final text for now instead of {better}.',
  ],
  'trouble.speech.fell_back.remedy': [
    '内容不会丢，但错字会多一些，负载下降后自动恢复。',
    'Nothing is lost; expect more misheard words until the load falls.',
  ],
  'trouble.speech.failed': [
    '有一段话识别失败，没有出现在对话里。',
    'A stretch of speech could not be recognised and is missing from the conversation.',
  ],
  'trouble.speech.failed.remedy': [
    '继续通话即可，要紧的内容请客户再说一遍。原因见服务日志。',
    'Go on, and ask the caller to repeat what matters. The log has the cause.',
  ],
  'trouble.speech.language_unknown': [
    '没能判断这通电话的语言，暂按中文识别。',
    'The language of this call could not be told; it is heard as Chinese.',
  ],
  'trouble.speech.language_unknown.remedy': [
    '已说的话不会丢。客户说的若不是中文，请以自己听到的为准，并请管理员在接入时指定语言。',
    'Nothing is lost. If another language is spoken, go by your own ears, and have the language given when such calls are connected.',
  ],
  'trouble.offer.consent': ['还没有向客户说明同意条款，暂不能记录接受。', 'The consent wording has not been said yet.'],
  'trouble.offer.consent.remedy': ['先说明，或确认已说明，再记录接受。', 'Say it, or confirm that it was said; then record the acceptance.'],
  'trouble.model': ['语音识别模型出错，有一段话没有转写。', 'The speech model failed; a stretch of speech is not transcribed.'],
  'trouble.model.remedy': ['继续通话即可，请把这条信息转给管理员：{message}', 'Go on, and pass this on to your administrator: {message}'],
  'trouble.bug': ['助手在这通电话里出错，已停止跟进。', 'The copilot failed in this call and has stopped following it.'],
  'trouble.bug.remedy': [
    '请照常接听处理，其他通话不受影响。原因见服务日志。',
    'Go on without it; the other calls are not touched. The log has the cause.',
  ],
  'trouble.calls.full': [
    '正在接听 {live} 通电话，最多同时接听 {most} 通。',
    '{live} calls are live; no more than {most} are served at once.',
  ],
  'trouble.calls.full.remedy': [
    '等有电话结束后再试，或请管理员调大 ASSIST_MAX_CALLS。',
    'Try again when a call has ended, or have ASSIST_MAX_CALLS raised.',
  ],
  'trouble.calls.busy': [
    '语音识别已落后 {behind_s} 秒，暂不接入新的电话。',
    'Recognition is {behind_s} s behind with the calls it hears; no new one is taken.',
  ],
  'trouble.calls.busy.remedy': [
    '一分钟后再试，或请管理员换用更快的最终文字模型（ASSIST_FINAL_MODEL）。',
    'Try again in a minute, or have a faster final model chosen (ASSIST_FINAL_MODEL).',
  ],
  'trouble.calls.duplicate': ['编号为 {call} 的电话已经存在。', 'There is a call {call} already.'],
  'trouble.calls.duplicate.remedy': ['每通电话使用不同的编号，或不指定编号。', 'Give each call its own id, or none.'],
  'trouble.ticket.value': ['“{label}”填写不正确，应为{wanted}。', '“{label}” does not fit; wanted: {wanted}.'],
  'trouble.ticket.value.remedy': ['改好后重新提交；确实不知道可填“客户未提供”。', 'Correct it and file again; what nobody knows may be “not given by the customer”.'],
  'trouble.ticket.not_open': ['工单 {ticket} 不是这位客户的同类在途工单。', '{ticket} is no open ticket of this customer and kind.'],
  'trouble.ticket.not_open.remedy': ['另选一张在途工单，或新建工单。', 'Choose another open ticket, or file a new one.'],
  'trouble.ticket.waiting': ['这张工单已保存，工单系统恢复后自动提交。', 'This ticket is saved and will be sent once the ticket system answers.'],
  'trouble.ticket.waiting.remedy': ['不用重复提交。', 'Nothing more is to be done.'],
  'trouble.correction.gone': [
    '这处更正已经不在了：可能已经恢复过，或者这句话的文字已更新。',
    'This correction is gone: it has been taken back already, or the line has new text.',
  ],
  'trouble.correction.gone.remedy': [
    '以现在显示的文字为准。点开带虚线的词，能恢复的会有“恢复原话”。',
    'Go by the line as it reads now. Open an underlined word: “Restore as heard” is there where it can be done.',
  ],
  'trouble.correction.not_final': ['这句话还在识别，文字可能还会变。', 'This line is still being recognised; its text may change.'],
  'trouble.correction.not_final.remedy': ['等这句话的文字确定后，再恢复原话。', 'Restore the word once the line is final.'],
};

/** A trouble as a person reads it in the language of `t`; without its values, as the server said it. */
export function inWords({ code, message, remedy, values }, t) {
  const told = { ...values, message };
  const key = `trouble.${code}`;
  const names = TROUBLE_TEXTS[key]?.[0].match(/(?<=\{)\w+(?=\})/g) ?? [];
  if (!(key in TROUBLE_TEXTS) || names.some((name) => !(name in told))) return { message, remedy };
  return { message: t(key, told), remedy: t(`trouble.${code}.remedy`, told) };
}
