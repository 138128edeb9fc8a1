import type { Easy } from './easy.en';
import type { en as sending } from './sending.en';

/** Easy Read (easy.en.ts) of how far something has come, and of what has not been sent. */
export const ofSending: Easy<typeof sending> = {
  'is.waiting': 'On this phone. Not sent yet.',
  'is.set_aside': 'On this phone. It could not be sent yet. The app will try again.',
  'is.refused': '{provider} could not take this: {reason} It is still on this phone.',
  'is.newer': 'On this phone. A newer app can send it.',
  'is.received': 'It got there {time}',
  'is.seen': '{name} saw it, {time}',
  'is.seen_someone': 'Someone on your team saw it, {time}',

  'not_sent.lead': 'These are just on this phone. {provider} does not have them.',
  'not_sent.none': 'There is nothing here to send.',
  'not_sent.refused': 'These could not be taken',
  'not_sent.refused_hint': 'These will not go by themselves. You can copy your words. You can tell your team. You can take them off.',
  'not_sent.copy': 'Copy my words',
  'not_sent.copy_failed': 'The app could not copy. You can mark the words and copy them.',
  'not_sent.remove': 'Take it off',
  'not_sent.remove_sure': 'Then it is gone. {provider} will not get it.',
  'not_sent.remove_yes': 'Yes, take it off',
  'not_sent.remove_no': 'No, keep it',
  'not_sent.removed': 'It is off this phone.',
  'not_sent.contact': 'Do you still want someone? Please ring.',

  'kind.contact_request': 'You asked us to get in touch',
  'kind.contact_addition': 'More words for when you asked us',
  'kind.contact_cancel': 'That you don’t need us now',
  'kind.baseline_answer': 'What you said about how you are when well',
  'kind.check_in': 'How you said you are',
  'kind.pack_addition': 'Something you put in your pack',
  'kind.pack_first_aid': 'The things that help you',
  'kind.other': 'Something from a newer app',
};
