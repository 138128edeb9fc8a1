/** The night screen: read at arm's length by somebody who was just woken. */
export const en = {
  'night.title': 'Who needs a person now',
  'night.link': 'Night screen',
  'night.inbox': 'Inbox',
  'night.list': 'All who wait',
  'night.empty': 'Nobody needs a person now.',
  'night.empty_why': 'When somebody does, it shows here by itself. This page has to be open and live for that; notifications ring your phone.',
  'night.rest': { one: '{n} thing waits in the inbox for the day.', other: '{n} things wait in the inbox for the day.' },
  'night.more': { one: '{n} more needs a person.', other: '{n} more need a person.' },
  'night.call': 'Call {name}',
  'night.text': 'Text {name}',
  'night.say_when': 'Say when: one tap, and {name} reads it',
  'night.say_again': 'Change the promise: one tap',
  'night.promised': '{name} now reads: “{who} will {what} by {time}”.',
  'night.set': 'Promise this time',
  'night.done': 'This is finished.',
  'night.whole': 'All about this request',
};
