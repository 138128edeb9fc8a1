/** How to talk with me: what helps somebody to read, hear and be understood. */
export const en = {
  'needs.title': 'How to talk with me',
  'needs.short': 'What helps when your team writes to you, rings you or meets you.',
  'needs.open': 'Look or change',
  'needs.who': 'Who reads this: {names}, and whoever is on call. They see it before they get in touch.',
  'needs.no_reason': 'You can ask for any of this. You need not say why.',
  'needs.not_loaded': 'This will be here when the phone has reached {provider} once.',

  'needs.reading': 'To read',
  'needs.talking': 'To talk',
  'needs.easy_read': 'Easy Read: short words and pictures',
  'needs.large_text': 'Large print',
  'needs.read_aloud': 'Read things out to me',
  'needs.text_not_call': 'Text me. Please don’t ring',
  'needs.relay_call': 'Ring me by Relay UK',
  'needs.bsl': 'I use British Sign Language',
  'needs.interpreter': 'I need an interpreter',
  'needs.more_time': 'Give me time to answer',
  'needs.someone_with_me': 'I want someone with me',
  'needs.phone_too': 'This phone does the same, unless you chose otherwise on it.',

  'needs.language': 'Which language?',
  'needs.language_missing': 'Write which language first.',
  'needs.words': 'Anything else that helps us talk',
  'needs.words_hint': 'For example: face me when you speak. Tell me first what it is about.',

  'needs.save': 'Save',
  'needs.saved': 'Saved with {provider}. Your team sees this now.',
  'needs.not_saved': 'Not saved yet. This needs signal. What you put is still here.',
  'needs.not_taken': 'Not saved: {reason} What you put is still here.',
  'needs.changed_by': 'Last written down by {name}, {day}.',
  'needs.changed_by_you': 'Last changed by you, {day}.',
};
