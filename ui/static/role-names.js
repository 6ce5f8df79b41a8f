// What a role is called, for every table of texts that names roles.

export const ROLE_NAMES = {
  'role.agent': ['坐席', 'Agent'],
  'role.editor': ['流程编辑', 'Editor'],
  'role.trainer': ['培训师', 'Trainer'],
  'role.supervisor': ['班长', 'Supervisor'],
  'role.elite': ['专家坐席', 'Elite'],
  'role.admin': ['管理员', 'Admin'],
};
