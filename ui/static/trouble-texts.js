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
  'trouble.correction.gone': ['这处更正已经恢复过，或这句话已经更新。', 'Nothing to restore: it is restored already, or the line has new text.'],
  'trouble.correction.gone.remedy': ['以现在显示的文字为准。', 'Go by the line as it reads now.'],
  'trouble.correction.not_final': ['这句话还在识别，文字可能还会变。', 'This line is still being recognised; its text may change.'],
  'trouble.correction.not_final.remedy': ['等这句话的文字确定后，再恢复原话。', 'Restore the word once the line is final.'],
  'trouble.command.refused': ['这个操作现在做不了：{message}', 'This cannot be done now: {message}'],
  'trouble.command.refused.remedy': ['以卡片现在的样子为准；如果卡片没有更新，请刷新页面。', 'Go by the card as it stands; reload the page if it does not follow.'],
  'trouble.step.not_current': ['卡片已经走到别的步骤了。', 'The card stands at another step by now.'],
  'trouble.step.not_current.remedy': ['在当前步骤上继续；要改前面的，先撤销回去。', 'Go on from the current step; undo leads back to an earlier one.'],
  'trouble.guide.not_open': ['这个流程已经收起了。', 'This guide is not open any more.'],
  'trouble.guide.not_open.remedy': ['需要时按“/”重新打开。', 'Open it again with “/” where it is needed.'],
  'trouble.guide': ['这个流程有问题，走不下去：{message}', 'This guide cannot go on: {message}'],
  'trouble.guide.remedy': ['换一个流程或手动处理，并告诉流程的编辑。', 'Take another guide or go on by hand, and tell its editor.'],
  'trouble.call.wrapped': ['这通电话已经保存过小结了。', 'The call is wrapped up already.'],
  'trouble.call.wrapped.remedy': ['不用再操作。', 'Nothing is left to do.'],
  'trouble.customer.known': ['已经知道客户是谁了。', 'The caller is known already.'],
  'trouble.customer.known.remedy': ['以显示的客户为准；个别信息不对，在工单里改。', 'Go by the customer shown; correct single values in the ticket form.'],
  'trouble.continuation.none': ['没有可以接着走的上一通来电。', 'No earlier call is proposed to go on from.'],
  'trouble.continuation.none.remedy': ['从当前步骤继续。', 'Go on from the current step.'],
  'trouble.continuation.decided': ['接着上次还是从头开始，已经选过了。', 'Whether to go on from the earlier call is decided already.'],
  'trouble.continuation.decided.remedy': ['从当前步骤继续；要改就撤销回去。', 'Go on from the current step; undo leads back.'],
  'trouble.summary.none': ['还没有小结。', 'There is no summary yet.'],
  'trouble.summary.none.remedy': ['挂断、保存小结或转交时自动生成。', 'It is written when the call ends, is wrapped up or handed over.'],
  'trouble.ticket.filed': ['这张工单已经提交过了。', 'This ticket is filed already.'],
  'trouble.ticket.filed.remedy': ['单号在卡片上；要修改请到工单系统。', 'Its number stands on the card; change it in the ticket system.'],
  'trouble.advice.gone': ['没有这条班长消息。', 'There is no such message from a supervisor.'],
  'trouble.advice.gone.remedy': ['以面板上显示的为准。', 'Answer what stands in the panel.'],
  'trouble.advice.answered': ['这条班长消息已经回过了。', 'This message has been answered already.'],
  'trouble.advice.answered.remedy': ['继续通话即可。', 'Go on with the call.'],
  'trouble.advice.kind': ['这样回不了这条班长消息。', 'This is no answer to that message.'],
  'trouble.advice.kind.remedy': ['用消息旁边的按钮回。', 'Answer with the buttons beside it.'],
  'trouble.desk.down': ['业务系统没有响应。', 'The back office does not answer.'],
  'trouble.desk.down.remedy': ['先手动处理，稍后可以再试。', 'Go on by hand; try again in a while.'],
  'trouble.desk.resting': ['业务系统连续几次没有响应，暂停一会儿再连。', 'The back office failed several times in a row; it is left alone for a while.'],
  'trouble.desk.resting.remedy': ['先手动处理，恢复后自动再连。', 'Go on by hand meanwhile; it is tried again by itself.'],
  'trouble.desk.refused': ['业务系统没有受理：{message}', 'The back office said no: {message}'],
  'trouble.desk.refused.remedy': ['按它说的改好再试，或者手动处理。', 'Correct what it names and try again, or go on by hand.'],
  'trouble.desk': ['业务系统出错：{message}', 'The back office went wrong: {message}'],
  'trouble.desk.remedy': ['先手动处理，并告诉管理员。', 'Go on by hand, and tell your administrator.'],
  'trouble.desk.args': ['查询还缺信息：{message}', 'The lookup lacks something: {message}'],
  'trouble.desk.args.remedy': ['向客户问清楚再试，或者手动处理。', 'Ask the caller for it, or go on by hand.'],
  'trouble.desk.connector': ['业务系统的接口没有配好。', 'The back office is not set up rightly.'],
  'trouble.desk.connector.remedy': ['先手动处理，请管理员补上：{message}', 'Go on by hand, and have it added: {message}'],
  'trouble.store': ['找不到要的内容：{message}', 'This is not there: {message}'],
  'trouble.store.remedy': ['返回通话列表再试。', 'Go back to the list of calls and try again.'],
};

/** Troubles that an agent is told of as of another: what exactly it is concerns the administrator. */
export const TOLD_AS = {
  'desk.auth': 'desk.connector',
  'desk.address': 'desk.connector',
  'guide.connector': 'desk.connector',
  'desk.nonsense': 'desk.connector',
};

/** A trouble as a person reads it in the language of `t`; without its values, as the server said it. */
export function inWords({ code, message, remedy, values }, t) {
  const told = { ...values, message };
  const key = `trouble.${(Object.hasOwn(TOLD_AS, code) && TOLD_AS[code]) || code}`;
  const names = TROUBLE_TEXTS[key]?.[0].match(/(?<=\{)\w+(?=\})/g) ?? [];
  if (!(key in TROUBLE_TEXTS) || names.some((name) => !(name in told))) return { message, remedy };
  return { message: t(key, told), remedy: t(`${key}.remedy`, told) };
}
