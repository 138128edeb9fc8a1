// A lock screen of our own. A browser that nobody looks at shows no notification to anybody, and after a moment takes those that it was
// given for closed; so what stands there is kept here, in the service worker. It must truly have been shown: the browser is asked to as
// well, and refuses what it cannot show.

/** The service worker that this page belongs to, with a lock screen. */
export async function lockScreenOf(screen) {
  const script = await screen.page.evaluate(async () => (await navigator.serviceWorker.ready).active.scriptURL);
  return withLockScreen(screen.context, script);
}

/** What a page shows and closes, it shows and closes there too. Before the first page is opened. */
export async function shareLockScreen(context) {
  await context.exposeBinding('storyLockScreen', async (_, script, what, ...about) =>
    (await withLockScreen(context, script)).evaluate(([what, about]) => self.lockScreen[what](...about), [what, about]),
  );
  await context.addInitScript(() => {
    if (!window.ServiceWorkerRegistration) return;
    const page = ServiceWorkerRegistration.prototype;
    const browserShows = page.showNotification;
    page.showNotification = async function (title, options = {}) {
      await browserShows.call(this, title, options);
      await window.storyLockScreen(this.active.scriptURL, 'show', title, options);
    };
    page.getNotifications = async function ({ tag = '' } = {}) {
      const script = this.active?.scriptURL;
      const standing = script ? await window.storyLockScreen(script, 'standing', tag) : [];
      return standing.map((one) => ({ ...one, close: () => void window.storyLockScreen(script, 'close', one.number) }));
    };
  });
}

async function withLockScreen(context, script) {
  const isIt = (worker) => worker.url() === script;
  const worker = context.serviceWorkers().find(isIt) ?? (await context.waitForEvent('serviceworker', isIt));
  await worker.evaluate(build);
  return worker;
}

/** In the service worker: once, however often it is asked for. */
function build() {
  if (self.lockScreen) return;
  let all = [];
  let shown = 0;
  self.lockScreen = {
    show(title, { body = '', tag = '', data = null, actions = [] }) {
      const number = (shown += 1);
      // One with the same tag takes the place of the one before.
      all = all.filter((one) => !tag || one.tag !== tag);
      all.push({ number, title, body, tag, data: structuredClone(data), actions: actions.slice(0, Notification.maxActions) });
    },
    standing: (tag = '') => all.filter((one) => !tag || one.tag === tag),
    close(number) {
      all = all.filter((one) => one.number !== number);
    },
    /** As the browser tells it: of the notification itself, or of one of its buttons. It stands until the app closes it. */
    touch(title, action) {
      const one = all.find((one) => one.title === title);
      if (!one) throw new Error(`“${title}” does not stand on the lock screen: ${JSON.stringify(all)}`);
      self.dispatchEvent(Object.assign(new ExtendableEvent('notificationclick'), { notification: notification(one), action }));
    },
  };
  const notification = (one) => ({ ...one, close: () => self.lockScreen.close(one.number) });
  const worker = ServiceWorkerRegistration.prototype;
  const browserShows = worker.showNotification;
  worker.showNotification = async function (title, options = {}) {
    await browserShows.call(this, title, options);
    self.lockScreen.show(title, options);
  };
  worker.getNotifications = async ({ tag = '' } = {}) => self.lockScreen.standing(tag).map(notification);
}
