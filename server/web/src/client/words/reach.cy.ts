import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './reach.en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'reach.title': 'Sut mae’n well gen i glywed gennych',
  'reach.short': 'Galwad neu neges destun yn gyntaf, amserau da, a beth i’w wybod cyn i neb ffonio.',
  'reach.open': 'Edrych neu newid',
  'reach.who': 'Pwy sy’n darllen hyn: {names}, a phwy bynnag sydd ar alwad. Mae’n sefyll uwchben y botwm galw, felly maen nhw’n ei ddarllen cyn ffonio.',
  'reach.not_a_lock': 'Bydd pobl yn cadw ato cystal ag y gallant. Gall rhywun sy’n poeni’n fawr amdanoch ffonio beth bynnag.',
  'reach.not_loaded': 'Bydd hyn yma pan fydd y ffôn wedi cyrraedd {provider} unwaith.',

  'reach.how': 'Beth sydd orau i mi',
  'reach.text': 'Anfonwch neges destun yn gyntaf',
  'reach.call': 'Ffoniwch fi',
  'reach.visit': 'Dewch i ’ngweld i',
  'reach.any': 'Does dim ots gen i',

  'reach.work': 'Nid tra fy mod i yn y gwaith',
  'reach.work_hint': 'Os yw eich dyddiau’n newid, dywedwch pryd o dan “Amserau da”.',

  'reach.message': 'Os na fydda i’n ateb',
  'reach.message_hint': 'Gall rhywun arall glywed neges.',
  'reach.message_no': 'Peidiwch â gadael neges, os gwelwch yn dda',
  'reach.message_yes': 'Cewch adael neges',

  'reach.when': 'Amserau da i mi',
  'reach.when_hint': 'Er enghraifft: ar ôl un ar ddeg, ac nid amser te.',
  'reach.words': 'Beth arall i’w wybod cyn ffonio',
  'reach.words_hint': 'Er enghraifft: gadewch iddo ganu, efallai mai Mam fydd yn ateb.',

  'reach.save': 'Cadw',
  'reach.saved': 'Wedi’i gadw gan {provider}. Bydd pwy bynnag sy’n agor eich tudalen yn gweld hyn nawr.',
  'reach.not_saved': 'Heb ei gadw eto. Mae angen signal ar gyfer hyn. Mae’r hyn a roesoch yma o hyd.',
  'reach.not_taken': 'Heb ei gadw: {reason} Mae’r hyn a roesoch yma o hyd.',
};
