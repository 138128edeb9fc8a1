import type { Entry } from './i18n.svelte';
import type { en } from './en';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: client/words/welsh.ts).

export const cy: Record<keyof typeof en, Entry> = {
  'language.en': 'English',
  'language.cy': 'Cymraeg',

  'time.at': '{day} am {time}',
  'time.this_morning': 'y bore yma',
  'time.this_afternoon': 'y prynhawn yma',
  'time.this_evening': 'heno',
  'time.tonight': 'heno',
  'time.today': 'heddiw',
  'time.yesterday': 'ddoe',
  'time.yesterday_evening': 'neithiwr',
  'time.tomorrow': 'yfory',
  'time.on': 'ar {day}',
  // "dydd Llun" becomes "ddydd Llun" when something happens on it.
  'time.on_weekday': 'd{day}',
  'time.just_now': 'nawr',
  'time.minutes_ago': { two: '{n} funud yn ôl', one: '{n} funud yn ôl', other: '{n} munud yn ôl' },
  'time.hours_ago': { other: '{n} awr yn ôl' },
  'time.midnight': 'hanner nos',
  'time.midday': 'hanner dydd',
  'time.hour': '{hour} o’r gloch',
  'time.half_past': 'hanner awr wedi {hour}',
  'time.quarter_past': 'chwarter wedi {hour}',
  'time.quarter_to': 'chwarter i {hour}',
  // The spaces inside "un ar ddeg" do not break: the list is taken apart at the others.
  'time.hours': 'deuddeg un dau tri pedwar pump chwech saith wyth naw deg un\u00a0ar\u00a0ddeg',
  'time.hours_at': 'ddeuddeg un ddau dri bedwar bump chwech saith wyth naw ddeg un\u00a0ar\u00a0ddeg',

  'time.names':
    'Sul Llun Mawrth Mercher Iau Gwener Sadwrn;Sul Llun Maw Mer Iau Gwe Sad;Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr;Ion Chwef Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag',

  'chart.usual': 'yr arfer i chi',
  'chart.show_table': 'Dangos fel tabl',
  'chart.show_chart': 'Dangos fel llun',
  'chart.when': 'Pryd',
  'chart.answer': 'Ateb',
  'chart.empty': 'Dim atebion eto.',
  'chart.of': '{value} o {max}',

  'blocks.picture': 'Llun: {words}',
};
