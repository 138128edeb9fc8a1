// How words are made alike before they are compared: accents and apostrophes off, and spelling as it sounds.

/** Words too common to say what somebody is looking for, in both languages. */
const COMMON = new Set(
  (
    'a an and am are as at be been being but by can cannot cant could couldnt did do does doesnt doing dont for from get gets getting go going got had has have having he her him his how i id if ill im in into is isnt it its ' +
    'ive just keep keeps like me more much my myself no not of off on or our out really she should so some someone something stop that the their them then there they thing things this to too up us very want wants ' +
    'was wasnt we what when where which who why will wont with would you your feel feeling feels need about all any because make makes making over help lot bit ' +
    'y yr yn ar o i a ac am at gan heb fy dy ei eu ein eich mae dw rydw dwi ddim wedi sut beth pam pwy pan efo gyda fel rwyf rwy methu cael eisiau teimlo helpu help bod'
  ).split(' '),
);

export const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f'’‘`]/g, '');

export const words = (text: string): string[] => plain(text).match(/[a-z0-9]+/g) ?? [];

/** What is asked for: without the common words, unless nothing else was said. */
export function asked(query: string): string[] {
  const all = words(query);
  const telling = all.filter((word) => !COMMON.has(word));
  return [...new Set(telling.length ? telling : all)];
}

const ENDINGS = /(?:fulness|iousness|lessness|liness|iness|iety|ious|ations?|ingly|ings?|ness|ments?|edly|ed|ies|ily|es|er|ly|y|s|e)$/;

/** As it sounds, without its ending: "anxious" and "anxiety", "breething" and "breathing", "panick" and "panic" become one. */
export function sound(word: string): string {
  const known = heard.get(word);
  if (known !== undefined) return known;
  const made = word.length < 4 ? word : hear(word);
  heard.set(word, made);
  return made;
}
const heard = new Map<string, string>();

function hear(word: string): string {
  const letters = word
    .replace(/^kn|^gn|^pn/, 'n')
    .replace(/^wr/, 'r')
    .replace(/^ps/, 's')
    .replace(/wh/g, 'w')
    .replace(/ph/g, 'f')
    .replace(/igh/g, 'i')
    .replace(/t?ch/g, 'x')
    .replace(/c(?=[eiy])|z/g, 's')
    .replace(/ck|qu?|c|k/g, 'k')
    .replace(/dg|j/g, 'g');
  const stem = letters.replace(ENDINGS, '');
  return (stem.length >= 3 ? stem : letters)
    .replace(/e[ae]|ie|ei/g, 'E')
    .replace(/[aeiouy]+/g, (group) => (/^[eiy]/.test(group) ? 'i' : /^a/.test(group) ? 'a' : 'o'))
    .replace(/(.)\1+/g, '$1');
}
