import { Unreachable } from '../../shared/api';

/** Whether the server may have heard what it did not answer. `online`: whether there was signal when it was sent. */
export const mayHaveHeard = (error: unknown, online: boolean): boolean => online && error instanceof Unreachable;
