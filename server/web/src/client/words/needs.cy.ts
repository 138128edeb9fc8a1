import type { Entry } from '../../shared/i18n.svelte';
import type { en } from './needs.en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'needs.title': 'Sut i siarad â mi',
  'needs.short': 'Beth sy’n helpu pan fydd eich tîm yn ysgrifennu atoch, yn eich ffonio neu’n cwrdd â chi.',
  'needs.open': 'Edrych neu newid',
  'needs.who': 'Pwy sy’n darllen hyn: {names}, a phwy bynnag sydd ar alwad. Maen nhw’n ei weld cyn cysylltu.',
  'needs.no_reason': 'Gallwch ofyn am unrhyw un o’r rhain. Does dim rhaid dweud pam.',
  'needs.not_loaded': 'Bydd hyn yma pan fydd y ffôn wedi cyrraedd {provider} unwaith.',

  'needs.reading': 'I ddarllen',
  'needs.talking': 'I siarad',
  'needs.easy_read': 'Hawdd ei Ddeall: geiriau byr a lluniau',
  'needs.large_text': 'Print bras',
  'needs.read_aloud': 'Darllenwch bethau’n uchel i mi',
  'needs.text_not_call': 'Anfonwch neges destun. Peidiwch â ffonio, os gwelwch yn dda',
  'needs.relay_call': 'Ffoniwch fi drwy Relay UK',
  'needs.bsl': 'Rwy’n defnyddio Iaith Arwyddion Prydain (BSL)',
  'needs.interpreter': 'Mae angen cyfieithydd arna i',
  'needs.more_time': 'Rhowch amser i mi ateb',
  'needs.someone_with_me': 'Rwyf eisiau rhywun gyda mi',
  'needs.phone_too': 'Mae’r ffôn hwn yn gwneud yr un peth, oni bai i chi ddewis yn wahanol arno.',

  'needs.language': 'Pa iaith?',
  'needs.language_missing': 'Ysgrifennwch pa iaith yn gyntaf.',
  'needs.words': 'Unrhyw beth arall sy’n ein helpu i siarad',
  'needs.words_hint': 'Er enghraifft: edrychwch arna i wrth siarad. Dywedwch yn gyntaf am beth mae’n sôn.',

  'needs.save': 'Cadw',
  'needs.saved': 'Wedi’i gadw gan {provider}. Mae eich tîm yn gweld hyn nawr.',
  'needs.not_saved': 'Heb ei gadw eto. Mae angen signal ar gyfer hyn. Mae’r hyn a roesoch yma o hyd.',
  'needs.not_taken': 'Heb ei gadw: {reason} Mae’r hyn a roesoch yma o hyd.',
  'needs.changed_by': 'Ysgrifennwyd ddiwethaf gan {name}, {day}.',
  'needs.changed_by_you': 'Newidiwyd ddiwethaf gennych chi, {day}.',
};
