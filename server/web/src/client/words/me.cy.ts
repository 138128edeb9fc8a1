import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './me.en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'me.title': 'Fi',
  'me.team': 'Fy nhîm',
  'me.no_team': 'Bydd eich tîm yn cael ei enwi yma.',
  'me.key_worker': 'gweithiwr allweddol',
  'me.support_worker': 'gweithiwr cymorth',
  'me.recovery_coach': 'hyfforddwr adferiad',
  'me.peer_navigator': 'llywiwr cymheiriaid',
  'me.team_lead': 'arweinydd tîm',
  'me.admin': 'y swyddfa',
  'me.check_ins': 'Fy nghofnodion',
  'me.look_back': 'Edrych yn ôl arnyn nhw',
  'me.how_often': 'Sawl gwaith yr wythnos sy’n eich siwtio chi?',
  'me.times': { one: 'Unwaith yr wythnos', two: 'Dwywaith yr wythnos', few: 'Tair gwaith yr wythnos', many: 'Chwe gwaith yr wythnos', other: '{n} gwaith yr wythnos' },
  'me.times_day': { one: 'Bob dydd', two: 'Dwywaith y dydd', other: '{n} gwaith y dydd' },
  'me.signs': 'Fy arwyddion fy hun',
  'me.signs_hint': 'Pethau rydych chi’n sylwi arnyn nhw pan fyddwch yn dechrau teimlo’n llai da. Yn eich geiriau eich hun. Gallwch adael hyn yn wag.',
  'me.sign': 'Arwydd {n}',
  'me.sign_add': 'Ychwanegu arwydd',
  'me.sign_remove': 'Tynnu',
  'me.sign_removed': 'Wedi’i dynnu. Bydd yn mynd pan fyddwch yn cadw.',
  'me.signs_full': 'Deuddeg yw’r mwyaf. Tynnwch un i ychwanegu un arall.',
  'me.sign_changed': 'Mae geiriau newydd yn dechrau cwestiwn newydd. Cedwir eich atebion cynharach.',
  'me.save': 'Cadw’r newidiadau',
  'me.saved': 'Wedi’i gadw gan {provider}.',
  'me.not_saved': 'Heb ei gadw. Mae’r hyn a deipioch yma o hyd. Rhowch gynnig arall arni pan fydd signal.',
  'me.not_taken': 'Heb ei gadw: {reason} Mae’r hyn a deipioch yma o hyd.',
  'me.not_loaded': 'Bydd hyn yma pan fydd y ffôn wedi cyrraedd {provider} unwaith.',
  'me.sign_out_locked': 'Mae’r ap wedi’i gloi, felly ni all ddweud wrth eich darparwr fod y ffôn hwn wedi allgofnodi. Dywedwch wrth eich gweithiwr cymorth, os gwelwch yn dda. Gall dynnu’r ffôn oddi ar y rhestr.',
  'me.sign_out': 'Allgofnodi o’r ffôn hwn',
  'me.sign_out_sure': 'Allgofnodi? Caiff yr hyn y mae’r ap hwn yn ei gadw amdanoch ar y ffôn hwn ei ddileu. Mae eich cofnodion gan eich darparwr o hyd. Bydd angen cod newydd arnoch i ddod yn ôl.',
  'me.sign_out_yes': 'Allgofnodi a dileu',
  'me.sign_out_no': 'Aros wedi mewngofnodi',
};
