// My own shifts, and what waits for my yes. The header counts from it.
import { onNews } from '../live.svelte';
import { Looked } from '../parts/work.svelte';
import { api } from '../session.svelte';
import type { Mine } from './wire';

const AGAIN = 5 * 60_000;

class MyShifts {
  readonly looked = new Looked(() => api.get<Mine>('/team/rota/mine'));

  get data() {
    return this.looked.data;
  }
  get waiting() {
    return this.looked.data?.asked.length ?? 0;
  }
  look = () => this.looked.look();

  follow(): () => void {
    void this.look();
    const timer = setInterval(this.look, AGAIN);
    const stop = onNews((event) => {
      if (event === null) void this.look();
    });
    return () => {
      clearInterval(timer);
      stop();
      this.looked.forget();
    };
  }
}

export const myShifts = new MyShifts();
