export const SHELL_TEXTS = {
  app: ['坐席助手', 'Agent Assist'],
  'bar.pages': ['页面', 'Pages'],
  'page.calls': ['通话', 'Calls'],
  'page.studio': ['流程工作室', 'Studio'],
  'page.training': ['培训室', 'Training'],
  'page.wall': ['值班台', 'Wall'],
  'page.tickets': ['工单', 'Tickets'],
  'page.backstop': ['兜底队列', 'Backstop'],
  'page.admin': ['管理', 'Administration'],
  'lang.toggle': ['EN, switch to English', '中，切换到中文'],
  'lang.short': ['EN', '中'],
};
