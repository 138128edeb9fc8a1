import { Unreachable } from '../../shared/api';
import { m } from './words';

/** What to say where the server may have heard what it did not answer. `online`: whether there was signal when it was sent. `null`: it did not. */
export const unsure = (error: unknown, online: boolean): string | null => (online && error instanceof Unreachable ? m('me.unsure') : null);
