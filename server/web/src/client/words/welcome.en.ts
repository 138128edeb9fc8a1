/** The first five minutes: a few short pages, one idea each, and every one of them can be left. */
export const en = {
  'welcome.step': '{n} of {of}',
  'welcome.next': 'Next',
  'welcome.back': 'Back',
  'welcome.later': 'Leave this for now',
  'welcome.go_on': 'Show me',
  'welcome.to_app': 'Straight to the app',

  'hello.title': 'Hello, {name}',
  'hello.from': '{provider} has set this up for you. It is yours to use as much or as little as you like.',
  'hello.time': 'Here is a short look round. You can stop whenever you like, and carry on another day.',

  'what.title': 'What this is',
  'what.is': 'A place to say how you are, to keep what helps you, and to ask for someone to contact you.',
  'not.title': 'What it is not',
  'not.lead': 'It is not an emergency service. People do not watch it all the time. This line says who is there:',
  'not.always': 'Help is always one tap away, at the bottom of each page.',

  'sees.title': 'Who sees what',
  'sees.answers': '{names} can see your answers when you check in.',
  'sees.words': 'Your own words you can keep to yourself, each time.',
  'sees.same': 'What they read about your answers, you can read too.',
  'choose.title': 'What you share',
  'choose.lead': 'These are yours to choose. You can change them later, under Me.',
  'choose.waiting': 'Your choices will be here when this phone has reached {provider} once.',
  'choose.flags_shown': 'Show me when something changes',
  'choose.flags_shown_hint': 'You read what your team reads about your answers.',
  'choose.silence_counts': 'When I go quiet, my team may notice',
  'choose.silence_counts_hint': 'They may ask how you are.',
  'choose.reminders_shared': 'My team can see which reminders I answered',
  'choose.reminders_shared_hint': 'Off unless you turn it on.',
  'choose.pack_counted': 'Count what I read, with no name',
  'choose.pack_counted_hint': 'Nobody can see that it was you.',
  'choose.on': 'On from now.',
  'choose.off': 'Off from now.',
  'choose.failed': 'Not changed. Try again when you have signal.',

  'talk.title': 'How should it talk to you?',

  'signs.title': 'Your own signs',
  'signs.lead': 'These are the things you notice when you start to feel less well. You are asked about them in these words:',
  'signs.none': 'You may know some signs that you are starting to feel less well. You can put them here in your own words, and be asked about them when you check in.',
  'signs.change': 'Change the words',
  'signs.add': 'Add my own signs',

  'told.title': 'Shall this phone tell you?',
  'told.lead': 'When you have a reminder, or when someone answers you. It is fine to say no.',

  'first.title': 'Your first check-in',
  'first.lead': 'It takes about a minute. You can skip anything. Or leave it for another day.',
  'first.now': 'Check in now',
  'first.not_now': 'Not now',

  'again.link': 'Look round this app again',
  'again.today': 'You began a look round this app.',
  'again.carry_on': 'Carry on looking round',
  'again.enough': 'I’ve seen enough',
};
