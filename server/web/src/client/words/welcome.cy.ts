import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './welcome.en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'welcome.step': '{n} o {of}',
  'welcome.next': 'Nesaf',
  'welcome.back': 'Yn ôl',
  'welcome.later': 'Gadael hyn am nawr',
  'welcome.go_on': 'Dangoswch i mi',
  'welcome.to_app': 'Yn syth i’r ap',

  'hello.title': 'Helo, {name}',
  'hello.from': '{provider} sydd wedi paratoi hwn i chi. Eich lle chi yw e, i’w ddefnyddio gymaint neu gyn lleied ag y mynnwch.',
  'hello.time': 'Dyma gipolwg byr. Gallwch stopio pryd bynnag y mynnwch, a mynd ymlaen ddiwrnod arall.',

  'what.title': 'Beth yw hwn',
  'what.is': 'Lle i ddweud sut ydych chi, i gadw’r hyn sy’n eich helpu, ac i ofyn i rywun gysylltu â chi.',
  'not.title': 'Beth nad yw e',
  'not.lead': 'Nid gwasanaeth brys yw hwn. Nid yw pobl yn ei wylio drwy’r amser. Mae’r llinell hon yn dweud pwy sydd yno:',
  'not.always': 'Mae help bob amser un cyffyrddiad i ffwrdd, ar waelod pob tudalen.',

  'sees.title': 'Pwy sy’n gweld beth',
  'sees.answers': 'Gall {names} weld eich atebion pan fyddwch yn cofnodi.',
  'sees.words': 'Gallwch gadw eich geiriau eich hun i chi’ch hun, bob tro.',
  'sees.same': 'Yr hyn y maen nhw’n ei ddarllen am eich atebion, gallwch chi ei ddarllen hefyd.',
  'choose.title': 'Beth rydych chi’n ei rannu',
  'choose.lead': 'Chi sy’n dewis y rhain. Gallwch eu newid yn nes ymlaen, o dan Fi.',
  'choose.waiting': 'Bydd eich dewisiadau yma pan fydd y ffôn hwn wedi cyrraedd {provider} unwaith.',
  'choose.flags_shown': 'Dangos i mi pan fydd rhywbeth yn newid',
  'choose.flags_shown_hint': 'Rydych chi’n darllen yr hyn y mae eich tîm yn ei ddarllen am eich atebion.',
  'choose.silence_counts': 'Pan fydda i’n mynd yn dawel, caiff fy nhîm sylwi',
  'choose.silence_counts_hint': 'Efallai y byddan nhw’n gofyn sut ydych chi.',
  'choose.reminders_shared': 'Caiff fy nhîm weld pa nodiadau atgoffa a atebais',
  'choose.reminders_shared_hint': 'Wedi’i ddiffodd oni bai eich bod chi’n ei droi ymlaen.',
  'choose.pack_counted': 'Cyfrif yr hyn rwy’n ei ddarllen, heb enw',
  'choose.pack_counted_hint': 'Ni all neb weld mai chi oedd.',
  'choose.on': 'Ymlaen o nawr.',
  'choose.off': 'Wedi’i ddiffodd o nawr.',
  'choose.failed': 'Heb ei newid. Rhowch gynnig arall arni pan fydd gennych signal.',

  'talk.title': 'Sut ddylai siarad â chi?',

  'signs.title': 'Eich arwyddion eich hun',
  'signs.lead': 'Dyma’r pethau rydych chi’n sylwi arnyn nhw pan fyddwch yn dechrau teimlo’n llai da. Cewch eich holi amdanyn nhw yn y geiriau hyn:',
  'signs.none': 'Efallai eich bod yn gwybod am rai arwyddion eich bod yn dechrau teimlo’n llai da. Gallwch eu rhoi yma yn eich geiriau eich hun, a chael eich holi amdanyn nhw wrth gofnodi.',
  'signs.change': 'Newid y geiriau',
  'signs.add': 'Ychwanegu fy arwyddion fy hun',

  'told.title': 'A ddylai’r ffôn hwn roi gwybod i chi?',
  'told.lead': 'Pan fydd nodyn atgoffa gennych, neu pan fydd rhywun yn eich ateb. Mae’n iawn dweud na.',

  'first.title': 'Eich cofnod cyntaf',
  'first.lead': 'Mae’n cymryd tua munud. Gallwch adael unrhyw beth allan. Neu gadewch ef tan ddiwrnod arall.',
  'first.now': 'Cofnodi nawr',
  'first.not_now': 'Nid nawr',

  'again.link': 'Cael cipolwg ar yr ap hwn eto',
  'again.today': 'Fe ddechreuoch gael cipolwg ar yr ap hwn.',
  'again.carry_on': 'Parhau â’r cipolwg',
  'again.enough': 'Rwyf wedi gweld digon',
};
