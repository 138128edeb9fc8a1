import type { Part, Starter } from './starters';

/** Each question asks for one thing, and no suggested line says how ill anybody is. */
export const en: Record<Part, Starter> = {
  keeps_well: {
    title: 'What keeps me well',
    question: 'What do you do on an ordinary good day that does you good?',
    hint: 'Small and real is best: something you could do this week.',
    lines: ['Get up at the same time each day', 'Eat something warm once a day', 'Go outside for ten minutes', 'See or ring someone I like', 'Keep the evenings quiet'],
  },
  important: {
    title: 'What is important to me',
    question: 'What should people know about you, so that they treat you as you?',
    hint: 'People, animals, places, faith, work, how you like to be spoken to.',
    lines: ['My family comes first', 'I like to be asked, not told', 'My home is my own place', 'I want to do as much as I can myself'],
  },
  triggers: {
    title: 'My triggers',
    question: 'What has made things harder for you before?',
    hint: 'Things that happen around you, times of the year, changes. Only what you want to write down.',
    lines: ['Nights with little sleep', 'Arguments at home', 'Letters about money', 'Anniversaries', 'Changes that nobody told me about'],
  },
  stages: {
    title: 'My steps',
    question: 'How does it go, from well to not well, in your words?',
    hint: 'Two to four steps. Name each as you would say it yourself.',
    lines: ['I’m all right', 'A bit wobbly', 'It’s getting hard', 'I need people'],
  },
  signs: {
    title: 'How it shows',
    question: 'What do you notice, or what do others see, when you are here?',
    hint: 'The early and small things help most.',
    lines: ['I sleep less than usual', 'I stop answering messages', 'I skip meals', 'Everything feels too loud'],
  },
  mine: {
    title: 'What I do',
    question: 'What has helped you at this point before?',
    hint: 'Things you can do by yourself, even when it is hard. The first one should be the easiest.',
    lines: ['Tell one person how it is', 'Do less tomorrow', 'Open my first-aid box', 'Go to bed early', 'Turn the phone off for an hour'],
  },
  workers: {
    title: 'What my worker does',
    question: 'What would you like your worker to do when you are here?',
    hint: 'Agree this together, so that it is something they can truly do.',
    lines: ['Ring me', 'Come round for a cup of tea', 'Ask me what I have on this week', 'Go with me to an appointment'],
  },
  others: {
    title: 'What others do',
    question: 'What can people close to you do?',
    hint: 'Family, friends, neighbours. Ask them first, if you can.',
    lines: ['Ring in the evening', 'Sit with me, we need not talk', 'Help with shopping', 'Take the dog out'],
  },
  works: {
    title: 'What works for me',
    question: 'When it was hard before, what helped?',
    hint: 'Anything counts: a walk, a song, a medicine, being left alone for a while.',
    lines: ['Being listened to', 'Quiet', 'Having one thing to do', 'Knowing who comes and when'],
  },
  does_not_work: {
    title: 'What doesn’t work for me',
    question: 'What made it worse, or did nothing?',
    hint: 'So that nobody has to try it again.',
    lines: ['Being hurried', 'Many people in the room', 'Being told to calm down', 'Surprises'],
  },
  want: {
    title: 'What I want if I become unwell',
    question: 'If you could not say it yourself for a while, what would you want?',
    hint: 'Where you would like to be, what helps, who should look after your home, pets or post.',
    lines: ['To stay at home as long as I can', 'Somebody I know with me', 'My phone with me', 'My pet looked after'],
  },
  do_not_want: {
    title: 'What I don’t want',
    question: 'And what would you not want?',
    hint: 'Give the reason too, if you like. People keep to it more easily when they know why.',
    lines: ['To be woken at night', 'To go to hospital without being told why', 'A medicine that I had a bad time with'],
  },
  tell: {
    title: 'Who to tell',
    question: 'Who should be told if you become unwell?',
    hint: 'Their name, and what they should be told.',
    lines: ['My key worker', 'My doctor', 'My sister or brother'],
  },
  do_not_tell: {
    title: 'Who not to tell',
    question: 'Who should not be told?',
    hint: 'It is your choice, and you need give no reason.',
    lines: ['My employer', 'My neighbours'],
  },
  people: {
    title: 'My people',
    question: 'Who would you ring on a bad day?',
    hint: 'With a number, you can ring them straight from here, even with no internet.',
    lines: [],
  },
  rules: {
    title: 'When my team should be told',
    question: 'What in your check-ins should make your team get in touch?',
    hint: 'For example: “If I haven’t slept for three nights, ring me.”',
    lines: [],
  },
};
