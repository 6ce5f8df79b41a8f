// The pages that the bar leads to: path, and the name of its texts.

export const PAGES = [
  ['/', 'calls'],
  ['/studio', 'studio'],
  ['/training', 'training'],
  ['/wall', 'wall'],
  ['/tickets', 'tickets'],
  ['/backstop', 'backstop'],
  ['/admin', 'admin'],
];
