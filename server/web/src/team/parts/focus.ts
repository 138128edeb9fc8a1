/** What had the focus has gone from the page, and somebody with a keyboard or a screen reader stands nowhere. */
export const isFocusLost = (): boolean => document.activeElement === null || document.activeElement === document.body;
