import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './suits.en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'suits.title': 'Sut mae’r ap hwn yn siarad â mi',
  'suits.short': 'Hawdd ei Ddeall, geiriau mwy, a llais sy’n darllen tudalennau.',
  'suits.short_language': 'Iaith, Hawdd ei Ddeall, geiriau mwy, a llais sy’n darllen tudalennau.',
  'suits.open': 'Edrych neu newid',
  'suits.this_phone': 'Dewisiadau ar gyfer y ffôn hwn. Gallwch eu newid pryd bynnag y mynnwch.',

  'language.title': 'Iaith',
  'language.waiting': 'Nid yw siaradwr brodorol wedi gwirio ein Cymraeg eto. Mae’r hyn a ddywedir mewn argyfwng yn aros yn Saesneg nes y bydd wedi gwneud.',
  'language.missing': 'Doedd dim modd nôl y Gymraeg eto. Bydd yn dod pan fydd gennych signal.',

  'easy.label': 'Hawdd ei Ddeall',
  'easy.hint': 'Geiriau byr, llythrennau mwy, lluniau, ac un peth ar y tro.',
  'easy.hint_welsh': 'Llythrennau mwy, lluniau, ac un peth ar y tro. Dim ond yn Saesneg y mae’r geiriau byr hyd yn hyn.',
  'easy.turned_on': 'Mae Hawdd ei Ddeall ymlaen.',
  'easy.turned_off': 'Mae Hawdd ei Ddeall wedi’i ddiffodd.',

  'aloud.label': 'Darllen tudalennau i mi',
  'aloud.hint': 'Mae botwm ar bob tudalen. Llais y ffôn ei hun sy’n ei darllen, heb signal hefyd. Does neb arall yn clywed yr hyn rydych yn ei ddarllen, oni bai eu bod yn agos.',
  'aloud.page': 'Darllen y dudalen hon i mi',
  'aloud.step': 'Darllen y rhan hon i mi',
  'aloud.stop': 'Stopio darllen',
  'aloud.not_cy': 'Does gan y ffôn hwn ddim llais Cymraeg ei hun. Dim ond yr hyn sydd yn Saesneg y gall ei ddarllen.',
  'aloud.not_en': 'Does gan y ffôn hwn ddim llais Saesneg ei hun. Dim ond yr hyn sydd yn Gymraeg y gall ei ddarllen.',

  'suits.record': 'Mae eich cofnod yn dweud bod hyn yn eich siwtio, felly dechreuodd y ffôn hwn ag ef.',
};
