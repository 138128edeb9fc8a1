import type { Part, Starter } from './starters';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: client/words/welsh.ts).

export const cy: Record<Part, Starter> = {
  keeps_well: {
    title: 'Beth sy’n fy nghadw i’n dda',
    question: 'Beth ydych chi’n ei wneud ar ddiwrnod da cyffredin sy’n gwneud lles i chi?',
    hint: 'Pethau bach, go iawn sydd orau: rhywbeth y gallech chi ei wneud yr wythnos hon.',
    lines: ['Codi yr un pryd bob dydd', 'Bwyta rhywbeth cynnes unwaith y dydd', 'Mynd allan am ddeng munud', 'Gweld neu ffonio rhywun rwy’n ei hoffi', 'Cadw’r nosweithiau’n dawel'],
  },
  important: {
    title: 'Beth sy’n bwysig i mi',
    question: 'Beth ddylai pobl ei wybod amdanoch chi, er mwyn eich trin chi fel chi?',
    hint: 'Pobl, anifeiliaid, lleoedd, ffydd, gwaith, sut rydych chi’n hoffi i bobl siarad â chi.',
    lines: ['Fy nheulu sy’n dod gyntaf', 'Mae’n well gen i gael fy holi na chael gorchymyn', 'Fy lle fy hun yw fy nghartref', 'Rydw i am wneud cymaint ag y galla i fy hun'],
  },
  triggers: {
    title: 'Fy sbardunau',
    question: 'Beth sydd wedi gwneud pethau’n anoddach i chi o’r blaen?',
    hint: 'Pethau sy’n digwydd o’ch cwmpas, adegau o’r flwyddyn, newidiadau. Dim ond yr hyn rydych chi am ei ysgrifennu.',
    lines: ['Nosweithiau heb lawer o gwsg', 'Dadleuon gartref', 'Llythyrau am arian', 'Penblwyddi trist', 'Newidiadau na ddywedodd neb wrtha i amdanyn nhw'],
  },
  stages: {
    title: 'Fy nghamau',
    question: 'Sut mae’n mynd, o fod yn dda i beidio â bod yn dda, yn eich geiriau chi?',
    hint: 'Dau i bedwar cam. Enwch bob un fel y byddech chi’n ei ddweud.',
    lines: ['Rydw i’n iawn', 'Braidd yn simsan', 'Mae’n mynd yn anodd', 'Mae angen pobl arna i'],
  },
  signs: {
    title: 'Sut mae’n dangos',
    question: 'Beth ydych chi’n sylwi arno, neu beth mae eraill yn ei weld, pan fyddwch chi yma?',
    hint: 'Y pethau bach a chynnar sy’n helpu fwyaf.',
    lines: ['Rydw i’n cysgu llai nag arfer', 'Rydw i’n peidio ag ateb negeseuon', 'Rydw i’n colli prydau', 'Mae popeth yn teimlo’n rhy swnllyd'],
  },
  mine: {
    title: 'Beth rydw i’n ei wneud',
    question: 'Beth sydd wedi’ch helpu ar y pwynt hwn o’r blaen?',
    hint: 'Pethau y gallwch eu gwneud eich hun, hyd yn oed pan fydd yn anodd. Yr hawsaf yn gyntaf.',
    lines: ['Dweud wrth un person sut mae hi', 'Gwneud llai yfory', 'Agor fy mlwch cymorth cyntaf', 'Mynd i’r gwely’n gynnar', 'Diffodd y ffôn am awr'],
  },
  workers: {
    title: 'Beth mae fy ngweithiwr yn ei wneud',
    question: 'Beth hoffech chi i’ch gweithiwr ei wneud pan fyddwch chi yma?',
    hint: 'Cytunwch ar hyn gyda’ch gilydd, fel ei fod yn rhywbeth y gallan nhw wir ei wneud.',
    lines: ['Fy ffonio', 'Galw heibio am baned', 'Gofyn beth sydd gen i’r wythnos hon', 'Dod gyda fi i apwyntiad'],
  },
  others: {
    title: 'Beth mae eraill yn ei wneud',
    question: 'Beth all y bobl sy’n agos atoch ei wneud?',
    hint: 'Teulu, ffrindiau, cymdogion. Gofynnwch iddyn nhw yn gyntaf, os gallwch.',
    lines: ['Ffonio gyda’r nos', 'Eistedd gyda fi, does dim rhaid siarad', 'Helpu gyda’r siopa', 'Mynd â’r ci am dro'],
  },
  works: {
    title: 'Beth sy’n gweithio i mi',
    question: 'Pan oedd hi’n anodd o’r blaen, beth helpodd?',
    hint: 'Mae popeth yn cyfrif: tro bach, cân, meddyginiaeth, cael llonydd am sbel.',
    lines: ['Bod rhywun yn gwrando', 'Tawelwch', 'Cael un peth i’w wneud', 'Gwybod pwy sy’n dod a phryd'],
  },
  does_not_work: {
    title: 'Beth sydd ddim yn gweithio i mi',
    question: 'Beth wnaeth bethau’n waeth, neu wnaeth ddim byd?',
    hint: 'Fel na fydd rhaid i neb roi cynnig arno eto.',
    lines: ['Cael fy mrysio', 'Llawer o bobl yn yr ystafell', 'Clywed “ymdawelwch”', 'Pethau annisgwyl'],
  },
  want: {
    title: 'Beth rydw i am ei gael os bydda i’n sâl',
    question: 'Pe na baech chi’n gallu ei ddweud eich hun am sbel, beth fyddech chi ei eisiau?',
    hint: 'Ble hoffech chi fod, beth sy’n helpu, pwy ddylai ofalu am eich cartref, eich anifeiliaid neu’ch post.',
    lines: ['Aros gartref cyhyd ag y galla i', 'Rhywun rwy’n ei adnabod gyda fi', 'Fy ffôn gyda fi', 'Gofal i fy anifail anwes'],
  },
  do_not_want: {
    title: 'Beth dydw i ddim am ei gael',
    question: 'A beth fyddech chi ddim ei eisiau?',
    hint: 'Rhowch y rheswm hefyd, os mynnwch. Mae’n haws i bobl gadw ato pan fyddan nhw’n gwybod pam.',
    lines: ['Cael fy neffro yn y nos', 'Mynd i’r ysbyty heb gael gwybod pam', 'Meddyginiaeth y ces i amser gwael gyda hi'],
  },
  tell: {
    title: 'Pwy i’w hysbysu',
    question: 'Pwy ddylai gael gwybod os byddwch chi’n sâl?',
    hint: 'Eu henw, a beth ddylen nhw gael ei wybod.',
    lines: ['Fy ngweithiwr allweddol', 'Fy meddyg', 'Fy chwaer neu fy mrawd'],
  },
  do_not_tell: {
    title: 'Pwy na ddylai gael gwybod',
    question: 'Pwy na ddylai gael gwybod?',
    hint: 'Eich dewis chi yw hyn, a does dim rhaid rhoi rheswm.',
    lines: ['Fy nghyflogwr', 'Fy nghymdogion'],
  },
  people: {
    title: 'Fy mhobl',
    question: 'Pwy fyddech chi’n ei ffonio ar ddiwrnod gwael?',
    hint: 'Gyda rhif, gallwch eu ffonio’n syth o’r fan hon, hyd yn oed heb y rhyngrwyd.',
    lines: [],
  },
  rules: {
    title: 'Pryd y dylai fy nhîm gael gwybod',
    question: 'Beth yn eich cofnodion ddylai beri i’ch tîm gysylltu?',
    hint: 'Er enghraifft: “Os na fydda i wedi cysgu am dair noson, ffoniwch fi.”',
    lines: [],
  },
};
