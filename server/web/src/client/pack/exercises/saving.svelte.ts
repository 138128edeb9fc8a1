import type { Made, Save } from './kept';

/** Saving once however often it is pressed, and knowing when it failed. */
export function saver(save: Save) {
  const state = $state({ busy: false, failed: false });
  return {
    get busy() {
      return state.busy;
    },
    get failed() {
      return state.failed;
    },
    /** True when it is on the phone. */
    async keep(made: Made): Promise<boolean> {
      if (state.busy) return false;
      Object.assign(state, { busy: true, failed: false });
      try {
        await save(made);
        return true;
      } catch {
        state.failed = true;
        return false;
      } finally {
        state.busy = false;
      }
    },
  };
}
