import type { Understood } from './payload';

export type AppName = 'client' | 'team';

/** A ring names nobody, so it leads to all who need a person now; with one of them, that is open at once. */
const TEAM: Partial<Record<Understood['kind'], string>> = { contact_request: 'night', flag: 'night', readiness: 'rota', rota: 'rota', test: 'notifications' };

/** The page that a tap leads to. */
export function place(app: AppName, kind: Understood['kind'] | null): string {
  if (app === 'team') return `/team/#/${TEAM[kind ?? 'other'] ?? ''}`;
  switch (kind) {
    case 'reminder':
      return '/#/reminders';
    case 'contact_news':
      return '/#/contact/latest';
    case 'plan_waiting':
      return '/#/plan';
    case 'test':
      return '/#/reminder-settings';
    default:
      return '/#/';
  }
}

/** Whether a window that is open shows this app: both live at the same address, and one of them under /team/. */
export const isOf = (app: AppName, url: string): boolean => new URL(url).pathname.startsWith('/team') === (app === 'team');
