import type { Item } from '../../shared/wire';

/** As hard as this question's scale goes. */
export const isWorst = (item: Item, value: number | null): boolean =>
  value !== null && value === (item.higher_is === 'better' ? item.min : item.max);
