import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './en';

/** Welsh is written by a Welsh writer, not substituted. What is missing here is shown in English. */
export const cy: Partial<Record<keyof typeof en, Entry>> = {
  // The next seven await a native speaker's review.
  'app.update_taken': 'Mae fersiwn mwy newydd o’r ap hwn ar agor mewn tab arall. Mae’r hyn a gadwoch yma yn ddiogel.',
  'app.away': 'Nid oes modd cyrraedd y gweinydd nawr. Mae’r hyn rydych yn ei gadw yn aros ar y ffôn hwn nes y gall fynd.',
  'app.as_of_all': 'Mae’r hyn a welwch fel yr oedd {time}.',
  'app.not_sent': { one: 'Nid oedd modd anfon un peth. Mae’n ddiogel ar y ffôn hwn.', other: 'Nid oedd modd anfon {n} o bethau. Maent yn ddiogel ar y ffôn hwn.' },
  'app.not_sent_open': 'Gweld beth a pham',
  'contact.offline_or': 'Gallwch ofyn yma hefyd. Mae’n aros ar y ffôn hwn ac yn dal i geisio.',
  'ladder.now_not_reached': 'Mae hwn wedi’i gadw ar eich ffôn. Nid yw wedi cyrraedd {provider} eto. Mae’n dal i geisio.',

  'app.page_missing_title': 'Nid yw’r dudalen hon ar eich ffôn eto',
  'app.page_missing': 'Nid oedd modd ei nôl nawr. Rhowch gynnig arall arni pan fydd signal. Mae popeth a gadwoch yma o hyd.',
  'app.try_again': 'Rhowch gynnig arall arni',
  'app.elsewhere_title': 'Mae’r ap hwn ar agor yn rhywle arall',
  'app.elsewhere': 'Mae fersiwn hŷn ohono ar agor mewn tab neu ffenestr arall. Caewch honno, os gwelwch yn dda. Wedyn bydd yn agor yma. Does dim byd wedi’i golli.',

  'nav.pack': 'Pecyn',
  'nav.plan': 'Cynllun',

  'today.first_aid': 'Fy mlwch cymorth cyntaf',
};
