/** How the app speaks to somebody: language, Easy Read, large text, a voice that reads. */
export const en = {
  'suits.title': 'How this app talks to me',
  'suits.short': 'Easy Read, bigger words, and a voice that reads pages out.',
  'suits.short_language': 'Language, Easy Read, bigger words, and a voice that reads pages out.',
  'suits.open': 'Look or change',
  'suits.this_phone': 'Choices for this phone. You can change them whenever you like.',

  'language.title': 'Language',
  'language.waiting': 'A native speaker has not checked our Welsh yet. What is said in a crisis stays in English until they have.',
  'language.missing': 'The Welsh could not be fetched yet. It comes when you have signal.',

  'easy.label': 'Easy Read',
  'easy.hint': 'Short words, bigger letters, pictures, and one thing at a time.',
  'easy.hint_welsh': 'Bigger letters, pictures, and one thing at a time. The short words are in English only so far.',
  'easy.turned_on': 'Easy Read is on.',
  'easy.turned_off': 'Easy Read is off.',

  'aloud.label': 'Read pages to me',
  'aloud.hint': 'There is a button on each page. The phone’s own voice reads it, with no signal too. Nobody else hears what you read, unless they are near.',
  'aloud.page': 'Read this page to me',
  'aloud.step': 'Read this part to me',
  'aloud.stop': 'Stop reading',
  'aloud.not_cy': 'This phone has no Welsh voice of its own. It can read only what is in English.',
  'aloud.not_en': 'This phone has no English voice of its own. It can read only what is in Welsh.',

  'suits.record': 'Your record says that this suits you, so this phone began with it.',
};
