import type { Topic } from '../../shared/wire-pack';
import { cy } from '../words/pack.cy';
import { en } from '../words/pack.en';
import type { PackKey } from './words';

/** In the order in which people look for them, hardest times last but one, and hope at the end. */
export const TOPICS: Topic[] = [
  'feelings', 'sleep', 'body', 'signs', 'voices_and_beliefs', 'day_to_day', 'home_and_money', 'people', 'work_and_learning', 'care_and_rights', 'hard_times', 'hope',
];

export const isTopic = (name: string): name is Topic => (TOPICS as string[]).includes(name);

/** The names of a topic in both languages, for the search. */
export const topicNames = (topic: string): string[] =>
  [en, cy].flatMap((words) => {
    const name = words[`topic.${topic}` as PackKey];
    return typeof name === 'string' ? [name] : [];
  });
