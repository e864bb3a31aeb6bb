/** What a process does: answer callers (`api`), handle messages (`worker`), or both. */
export const roles = ['api', 'worker'] as const;
export type Role = (typeof roles)[number];
