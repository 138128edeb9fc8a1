import 'fake-indexeddb/auto';
import { vi } from 'vitest';

// What is waited for comes within milliseconds; on a machine that is busy with other things one second was not always enough.
const { waitFor } = vi;
vi.waitFor = (isSo, options = 10_000) => waitFor(isSo, options);
