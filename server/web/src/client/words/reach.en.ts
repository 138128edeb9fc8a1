/** How I like to be reached: one page under Me, and its words come with it. */
export const en = {
  'reach.title': 'How I like to be reached',
  'reach.short': 'Call or text first, good times, and what to know before anyone rings.',
  'reach.open': 'Look or change',
  'reach.who': 'Who reads this: {names}, and whoever is on call. It stands above the call button, so they read it before they ring.',
  'reach.not_a_lock': 'People keep to it as well as they can. Someone who is very worried about you may still ring.',
  'reach.not_loaded': 'This will be here when the phone has reached {provider} once.',

  'reach.how': 'What suits me best',
  'reach.text': 'Text me first',
  'reach.call': 'Call me',
  'reach.visit': 'Come and see me',
  'reach.any': 'I don’t mind',

  'reach.work': 'Not while I’m at work',
  'reach.work_hint': 'If your days change, say when under “Good times”.',

  'reach.message': 'If I don’t pick up',
  'reach.message_hint': 'Someone else may hear a message.',
  'reach.message_no': 'Please don’t leave a message',
  'reach.message_yes': 'You can leave a message',

  'reach.when': 'Good times for me',
  'reach.when_hint': 'For example: after eleven, and not at teatime.',
  'reach.words': 'What else to know before you ring',
  'reach.words_hint': 'For example: let it ring, my mum may answer.',

  'reach.save': 'Save',
  'reach.saved': 'Saved with {provider}. Whoever opens your page sees this now.',
  'reach.not_saved': 'Not saved yet. This needs signal. What you put is still here.',
  'reach.not_taken': 'Not saved: {reason} What you put is still here.',
};
