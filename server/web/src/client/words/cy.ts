import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './en';

/** Welsh is written by a Welsh writer, not substituted. What is missing here is shown in English. */
export const cy: Partial<Record<keyof typeof en, Entry>> = {
  'app.page_missing_title': 'Nid yw’r dudalen hon ar eich ffôn eto',
  'app.page_missing': 'Nid oedd modd ei nôl nawr. Rhowch gynnig arall arni pan fydd signal. Mae popeth a gadwoch yma o hyd.',
  'app.try_again': 'Rhowch gynnig arall arni',
  'app.elsewhere_title': 'Mae’r ap hwn ar agor yn rhywle arall',
  'app.elsewhere': 'Mae fersiwn hŷn ohono ar agor mewn tab neu ffenestr arall. Caewch honno, os gwelwch yn dda. Wedyn bydd yn agor yma. Does dim byd wedi’i golli.',

  'nav.pack': 'Pecyn',
  'nav.plan': 'Cynllun',

  'today.first_aid': 'Fy mlwch cymorth cyntaf',
};
