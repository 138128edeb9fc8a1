import '../shared/tokens.css';
import '../shared/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { startRouter } from './router.svelte';
import { startClock } from './store/now.svelte';
import { start } from './store/sync.svelte';
import { watchRoom } from './shell/room';
import { startUpdates } from './shell/updates.svelte';

startRouter();
watchRoom();
startClock();
startUpdates();
void start().then(() => import('./push/start')).then(({ startPush }) => startPush(), () => undefined);
mount(App, { target: document.getElementById('app')! });
