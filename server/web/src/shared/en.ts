/** Words that both apps use. Each app has its own words beside these. */
export const en = {
  'language.en': 'English',
  'language.cy': 'Cymraeg',

  'time.at': '{day} at {time}',
  'time.this_morning': 'this morning',
  'time.this_afternoon': 'this afternoon',
  'time.this_evening': 'this evening',
  'time.tonight': 'tonight',
  'time.today': 'today',
  'time.yesterday': 'yesterday',
  'time.yesterday_evening': 'yesterday evening',
  'time.tomorrow': 'tomorrow',
  'time.on': 'on {day}',
  'time.on_weekday': 'on {day}',
  'time.just_now': 'just now',
  'time.minutes_ago': { one: '{n} minute ago', other: '{n} minutes ago' },
  'time.hours_ago': { one: '{n} hour ago', other: '{n} hours ago' },
  'time.midnight': 'midnight',
  'time.midday': 'midday',
  'time.hour': '{hour}',
  'time.half_past': 'half past {hour}',
  'time.quarter_past': 'quarter past {hour}',
  'time.quarter_to': 'quarter to {hour}',
  'time.hours': 'twelve one two three four five six seven eight nine ten eleven',
  // As they are after “at” and “to”: in Welsh a word changes there.
  'time.hours_at': 'twelve one two three four five six seven eight nine ten eleven',

  // Weekdays and months, each in full and in short, where browsers do not know them well. They do in English.
  'time.names': '',

  'chart.usual': 'your usual',
  'chart.show_table': 'Show as a table',
  'chart.show_chart': 'Show as a picture',
  'chart.when': 'When',
  'chart.answer': 'Answer',
  'chart.empty': 'No answers yet.',
  'chart.of': '{value} of {max}',

  'blocks.picture': 'Picture: {words}',
};
