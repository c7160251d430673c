/** Keys of the sandbox's search and social APIs. They open nothing else. */
export const searchToken = 'sandbox';

/** The asker's own professional Instagram account, through which others are discovered, and its token. */
export const social = {
  accessToken: 'sandbox',
  instagramUserId: '17841400000704001',
  username: 'aldergate_software',
} as const;
