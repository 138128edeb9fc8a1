/** Another tab joined, signed out, sent something or was set otherwise: the others look again. */
export const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('companion');
export const tellTabs = (): void => tabs?.postMessage('changed');
