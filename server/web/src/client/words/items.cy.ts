import type { Entry } from '../../shared/i18n.svelte';

// AWAITING A NATIVE SPEAKER'S REVIEW. Written in Welsh from the sense of the English, with "chi" (why: welsh.ts).
//
// The standard questions come from the server, in English. As long as they stand there word for word they are asked in Welsh; reworded by a
// provider they are shown as they are, and marked as English (check_ins/question.ts). Somebody's own signs are theirs, in any language.

export const cy: Record<string, Entry> = {
  'How has your mood been?': 'Sut mae eich hwyliau wedi bod?',
  'Very low': 'Isel iawn',
  'In between': 'Rhywle yn y canol',
  Good: 'Da',
  'How have you been sleeping?': 'Sut ydych chi wedi bod yn cysgu?',
  'Hardly at all': 'Prin o gwbl',
  'So-so': 'Gweddol',
  Well: 'Yn dda',
  'How much energy have you had?': 'Faint o egni sydd wedi bod gennych?',
  None: 'Dim',
  Some: 'Rhywfaint',
  Plenty: 'Digon',
  'How anxious or on edge have you felt?': 'Pa mor bryderus neu ar bigau’r drain ydych chi wedi teimlo?',
  'Not at all': 'Dim o gwbl',
  'A lot': 'Llawer',
  'How connected have you felt to other people?': 'Faint o gysylltiad â phobl eraill ydych chi wedi’i deimlo?',
  'Cut off': 'Ar wahân',
  Connected: 'Mewn cysylltiad',
};
