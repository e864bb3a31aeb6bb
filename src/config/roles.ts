/** What a process does: answer callers, work on messages, or both. */
export const roles = ['api', 'worker'] as const;
export type Role = (typeof roles)[number];
