import type { Easy } from './easy.en';
import type { en as lock } from './lock.en';

/** Easy Read (easy.en.ts) of the lock, of leaving this phone, and of discreet mode. */
export const ofLock: Easy<typeof lock> = {
  'pin.show': 'Show it',
  'pin.new_hint': '4 to 12 numbers or letters. A long one is safer.',
  'pin.again': 'Put it in again',
  'pin.short': 'A PIN has 4 to 12 numbers or letters. It has nothing else.',
  'pin.differ': 'These two are not the same.',

  'locked.lead': 'Put in your PIN.',
  'locked.lead_device': 'Open it like you open this phone.',
  'locked.wrong': 'That was not right. It is still locked.',
  'locked.failed': 'This did not work. We don’t know why. Your things are safe. Please try again.',
  'locked.wait_short': 'You can try again in half a minute.',
  'locked.always': 'You can get help while it is locked. You can ask us to get in touch.',
  'locked.write_only': 'The workers who answer can read this. You can’t see it here again till the app is open.',
  'locked.asked_before': { one: 'You asked for one thing before. It is still on its way.', other: 'You asked for {n} things before. They are still on their way.' },
  'locked.refused_before': { one: 'You asked for one thing before. It could not be sent. Please ring.', other: 'You asked for {n} things before. They could not be sent. Please ring.' },

  'lost.would': 'This is only on this phone. It was not sent. You would lose it:',
  'lost.was': 'This was not sent. It is lost:',
  'lost.contact': { one: 'One message about getting in touch', other: '{n} messages about getting in touch' },
  'lost.check_in': { one: 'One time you said how you are', other: '{n} times you said how you are' },
  'lost.ring': 'What you asked did not get to anyone. Please ring.',
  'lost.revoked': 'This phone was taken off the list. What the app kept here is gone. Your team still has what you sent.',

  'phone.short': 'Lock it. Make it look plain. See what is kept here.',
  'phone.open': 'Look',
  'phone.kept': 'Your phone says it will keep your things. It keeps them when it is nearly full too.',
  'phone.not_kept': 'Your phone did not say it will keep your things. If it gets full, it may clear them. What you sent is safe.',
  'phone.ask': 'Ask the phone to keep them',
  'phone.kept_unknown': 'We can’t tell if your phone will keep your things.',
  'phone.full': 'This phone is full. Some things were not kept. Can you delete something you don’t need?',
  'phone.unreadable': {
    one: 'One thing on this phone can’t be read now. It was put to one side. What you had sent comes back.',
    other: '{n} things on this phone can’t be read now. They were put to one side. What you had sent comes back.',
  },

  'lock.off': 'It is not locked. If someone opens this phone, they can open this app.',
  'lock.on_pin': 'It is locked with a PIN.',
  'lock.on_device': 'It is locked like this phone is.',
  'lock.what': 'With a lock, people who pick up this phone can’t open the app. Help still works. You can still ask us to get in touch.',
  'lock.reminders': 'While it is locked, reminders do not show your own words.',
  'lock.with_device': 'Lock it like I lock my phone',
  'lock.with_device_hint': 'With your finger, your face or the code of your phone.',
  'lock.turn_off_hint': 'Do you want a new PIN? Turn the lock off. Then turn it on again.',
  'lock.device_failed': 'Your phone did not do it. The lock is as it was.',
  'lock.full': 'This phone is too full. Nothing has changed.',
  'lock.after': 'Lock it when it was out of sight for',
  'lock.limit_guess': 'Some people can copy a phone. Then they can find out a short PIN. A long one with letters is much safer.',
  'lock.limit_owner': 'Someone may run your phone for you. Or they put something on it to watch. The app can’t hide from them.',
  'lock.limit_open': 'While the app is open, the lock does not help.',
  'lock.limit_old': 'Things from before the lock may stay in the phone for some time.',
  'lock.limit_forgotten': 'If you forget your PIN, no one can tell you. You sign out. Then you need a new code.',

  'discreet.title': 'Make it look plain',
  'discreet.on': 'Call the app “{name}”, with a plain picture',
  'discreet.on_hint': 'Do this before you put it on your home screen. Is it there now? Then take it off. Put it there again.',
  'discreet.does': 'The tab just says “{name}”. Each page has a button to leave at once. You can press Escape 2 times too.',
  'discreet.leave_to': 'Where does that button go?',
  'discreet.to_blank': 'A page with nothing on it',
  'discreet.limits': 'The web address can still be seen. The browser keeps a list of it. The pages look the same. The back button leaves the app.',
  'discreet.failed': 'That was not saved on this phone.',

  'unopened.title': 'This phone can’t open these',
  'unopened.what': 'This was never sent. This phone can’t read it now. If you still need it, say it again or ring.',
};
